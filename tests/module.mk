# Tests, lints, benchmarks and what they need installed (docs/testing.md). Rules only: what runs is in tests/*.sh.

# ---- what has to be installed ----

deps:
	$(Q)tests/deps.sh build demo test lint
need-%:
	$(Q)tests/deps.sh --check build $* || tests/deps.sh build $*
# Installing changes what the fragments see (is musl there?), so the real work is always a make of its own.
check: need-test
	$(Q)$(MAKE) --no-print-directory check-built
demo: need-demo
	$(Q)$(MAKE) --no-print-directory all
	$(Q)BUILD=$(BUILD) tests/demo.sh
.PHONY: deps check demo

# ---- unit tests: all of the project's C but what runs inside libturf.so only ----

unit_tests := $(sort $(wildcard tests/unit/test_*.c))
unit_src := $(filter-out launcher/cli/main.c launcher/compile/main.c, \
	$(sort $(turf_src) $(compile_src))) $(wildcard tests/unit/lib_*.c)
unit_obj := $(unit_src:%.c=$(BUILD)/host/%.o)
unit_test_obj := $(unit_tests:%.c=$(BUILD)/unit/%.o) $(BUILD)/unit/tests/unit/main.o

$(BUILD)/gen/unit_suites.h: $(unit_tests) tests/module.mk
	$(Q)mkdir -p $(@D) && for f in $(unit_tests); do \
		b=$${f##*/test_}; echo "SUITE($${b%.c})"; done >$@

# The suite functions are global without a prototype of their own; project headers are included from the root.
unit_flags = $(host_flags) -Wno-missing-prototypes -I. -Itests/unit -I$(BUILD)/gen -I$(BUILD)/host/gen \
	$(shell pkg-config --cflags check)
$(BUILD)/unit/%.o: %.c
	$(call say,CC,$@)mkdir -p $(@D) && $(CC) $(unit_flags) -MMD -MP -c -o $@ $<
$(BUILD)/unit/tests/unit/main.o: $(BUILD)/gen/unit_suites.h

$(BUILD)/bin/unit: $(unit_test_obj) $(unit_obj) $(embedded_host)
	$(call say,LINK,$@)mkdir -p $(@D) && $(CC) $(host_link) -o $@ $^ $(shell pkg-config --libs check) -linih

# ---- fuzz targets: replayed by any compiler, run by clang's libFuzzer ----

fuzz_targets := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
$(BUILD)/bin/replay-%: $(BUILD)/unit/tests/fuzz/fuzz_%.o $(BUILD)/unit/tests/fuzz/replay_main.o $(unit_obj) $(embedded_host)
	$(call say,LINK,$@)mkdir -p $(@D) && $(CC) $(host_link) -o $@ $^ -linih
replays := $(fuzz_targets:%=$(BUILD)/bin/replay-%)

FUZZ_SECONDS ?= 60
fuzz: need-lint
	$(Q)$(MAKE) --no-print-directory BUILD=$(BUILD)-fuzz CC=clang \
		SANITIZE='-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all' fuzz-built
fuzz_bins := $(fuzz_targets:%=$(BUILD)/bin/fuzz-%)
$(BUILD)/bin/fuzz-%: $(BUILD)/unit/tests/fuzz/fuzz_%.o $(unit_obj) $(embedded_host)
	$(call say,LINK,$@)mkdir -p $(@D) && $(CC) $(host_link) -fsanitize=fuzzer -o $@ $^ -linih
fuzz-built: $(fuzz_bins)
	$(Q)for t in $(fuzz_targets); do mkdir -p tests/fuzz/corpus/$$t && \
		$(BUILD)/bin/fuzz-$$t -max_total_time=$(FUZZ_SECONDS) -timeout=5 -print_final_stats=1 \
		-artifact_prefix=$(BUILD)/crash-$$t- tests/fuzz/corpus/$$t || exit 1; done
.PHONY: fuzz fuzz-built

# ---- steps ----

test_programs := all $(BUILD)/bin/unit $(replays)
check-built: $(test_programs)
	$(Q)BUILD=$(BUILD) CC=$(CC) tests/check.sh
steps := unit fuzz-replay hooks cli programs escape
$(steps): $(test_programs)
	$(Q)BUILD=$(BUILD) CC=$(CC) tests/check.sh $@
.PHONY: check-built test-programs $(steps)
test-programs: $(test_programs)

# Sanitizers: unit tests and replay. libturf.so itself stays without: it lives in other people's processes.
asan: need-test need-lint
	$(Q)$(MAKE) --no-print-directory BUILD=$(BUILD)-asan CC=clang \
		SANITIZE='-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer' asan-built
asan-built: $(test_programs)
	$(Q)BUILD=$(BUILD) CC=$(CC) ASAN_OPTIONS=detect_stack_use_after_return=1 UBSAN_OPTIONS=print_stacktrace=1 \
		tests/check.sh unit fuzz-replay
lint: need-lint need-test
	$(Q)$(MAKE) --no-print-directory lint-built
lint-built: all
	$(Q)BUILD=$(BUILD) CC=$(CC) tests/lint/run.sh
# Benchmarks: the harness, the program that measures itself, and a static helper without libturf.so (tests/bench).
bench_programs := $(addprefix $(BUILD)/bin/bench/,table probe raw)
$(BUILD)/bench/%.o: tests/bench/%.c
	$(call say,CC,$@)mkdir -p $(@D) && $(CC) $(host_flags) -MMD -MP -c -o $@ $<
$(BUILD)/bench/raw.o: tests/bench/raw.c | $(kernel_headers)
	$(call say,CC,$@)mkdir -p $(@D) && $(CC) $(turf_flags) -MMD -MP -c -o $@ $<
$(BUILD)/bin/bench/table: $(BUILD)/bench/table.o $(BUILD)/bench/sample.o
$(BUILD)/bin/bench/probe: $(BUILD)/bench/probe.o
$(BUILD)/bin/bench/table $(BUILD)/bin/bench/probe:
	$(call say,LINK,$@)mkdir -p $(@D) && $(CC) $(host_link) -o $@ $^
$(BUILD)/bin/bench/raw: $(BUILD)/bench/raw.o
	$(call say,LINK,$@)mkdir -p $(@D) && $(call turf_link,$(turf_ldflags) $^)
bench: need-test
	$(Q)$(MAKE) --no-print-directory bench-built
bench-built: all $(bench_programs)
	$(Q)BUILD=$(BUILD) tests/bench/table.sh
# Objects of replays and fuzzers are no throw-aways.
.SECONDARY:
.PHONY: asan asan-built lint lint-built bench bench-built
