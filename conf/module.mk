# The shipped profiles: turf-compile carries their texts, turf their compiled form (and libturf.so).

profile_confs := $(sort $(wildcard conf/profiles/*.conf))
profile_names := $(profile_confs:conf/profiles/%.conf=%)
profile_plans := $(profile_names:%=$(BUILD)/gen/%.plan)

$(BUILD)/gen/%.plan: conf/profiles/%.conf $(BUILD)/bin/turf-compile
	$(call say,PLAN,$@)$(BUILD)/bin/turf-compile profile --path conf/profiles -o $@ $<

# Lists for the assembler, rewritten only when a profile comes or goes.
$(BUILD)/gen/profile_texts.inc: $(profile_confs) conf/module.mk
	$(Q)mkdir -p $(@D) && printf '\tentry %s, %s\n' $(foreach n,$(profile_names),'$n' '$(CURDIR)/conf/profiles/$n.conf') >$@
$(BUILD)/gen/profile_plans.inc: $(profile_confs) conf/module.mk
	$(Q)mkdir -p $(@D) && printf '\tentry %s, %s\n' $(foreach n,$(profile_names),'$n' '$(abspath $(BUILD))/gen/$n.plan') >$@

# The same for turf and for the unit tests, which are programs of the builder's libc.
embed_flags = -I$(BUILD)/gen -DLIBTURF='"$(abspath $(BUILD))/libturf.so"' \
	-DLIBTURF_ID='"$(shell sha256sum $(BUILD)/libturf.so 2>/dev/null | cut -c1-16)"'
$(BUILD)/turf/embed.o $(BUILD)/host/embed.o: launcher/embed.S launcher/embed.inc $(BUILD)/libturf.so \
		$(BUILD)/gen/profile_plans.inc $(profile_plans)
	$(call say,AS,$@)mkdir -p $(@D) && $(CC) -c $(embed_flags) -o $@ $<
$(BUILD)/host/texts.o: launcher/compile/texts.S launcher/embed.inc $(BUILD)/gen/profile_texts.inc
	$(call say,AS,$@)mkdir -p $(@D) && $(CC) -c $(embed_flags) -o $@ $<
embedded_host := $(BUILD)/host/embed.o $(BUILD)/host/texts.o
