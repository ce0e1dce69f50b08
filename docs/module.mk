# Generated documents: docs/hooks.md from the hook table, the options of docs/man/turf.1 from turf's own table.
# They are committed, and tests/lint/generated.sh says when they are stale.

docs: $(BUILD)/bin/turf
	$(Q)preload/hooks/table.sh --markdown >docs/hooks.md
	$(Q)docs/man/generate.sh $(BUILD)/bin/turf >docs/man/turf.1
.PHONY: docs

include launcher/install.mk
