# turf (static, musl, no third-party library) and turf-compile (the builder's libc, inih).

# The launcher plans the first exec with the code that libturf.so plans every later one with.
launcher_rt := $(filter-out preload/rt/string.c preload/rt/start.c preload/rt/vfork.c preload/rt/real.c,$(wildcard preload/rt/*.c))
turf_src := $(core_src) $(launcher_rt) $(monitor_src) \
	$(wildcard launcher/base/*.c launcher/plan/*.c launcher/kernel/*.c launcher/mode/*.c launcher/cli/*.c)
compile_src := $(wildcard preload/core/*.c launcher/base/*.c launcher/compile/*.c) \
	launcher/plan/settings.c $(wildcard launcher/plan/key_*.c) launcher/kernel/probe_name.c

# musl's own headers and start files, used without the musl-gcc wrapper so that clang can build too.
MUSL_LIB ?= /usr/lib/x86_64-linux-musl
MUSL_INC ?= /usr/include/x86_64-linux-musl
ifneq ($(wildcard $(MUSL_LIB)/libc.a),)
turf_flags := -nostdinc -isystem $(shell $(CC) -print-file-name=include) -isystem $(MUSL_INC) \
	-isystem $(BUILD)/kernel-headers
turf_link = $(CC) -static -no-pie -nostdlib -o $@ $(MUSL_LIB)/crt1.o $(MUSL_LIB)/crti.o $(1) \
	$(MUSL_LIB)/libc.a $(shell $(CC) -print-libgcc-file-name) $(MUSL_LIB)/crtn.o
else
turf_flags :=
turf_link = $(CC) -static -no-pie -o $@ $(1)
endif
# Not position-independent: a static-pie relocates itself at every start, and start-up is the product.
turf_flags += $(common) -fno-pie -ffunction-sections -fdata-sections -fno-stack-protector \
	-fno-asynchronous-unwind-tables

# The kernel's headers alone, so that nothing of the builder's libc slips in.
kernel_headers := $(BUILD)/kernel-headers/.made
$(kernel_headers):
	$(Q)mkdir -p $(@D) && ln -sfn /usr/include/linux $(@D)/linux && \
		ln -sfn /usr/include/asm-generic $(@D)/asm-generic && \
		ln -sfn $$(d=/usr/include/x86_64-linux-gnu/asm; test -d $$d || d=/usr/include/asm; echo $$d) $(@D)/asm && touch $@

turf_ldflags := -Wl,--gc-sections -Wl,-z,noexecstack -Wl,--build-id
turf_obj := $(turf_src:%.c=$(BUILD)/turf/%.o)
$(BUILD)/turf/%.o: %.c | $(kernel_headers)
	$(call say,CC,$@)mkdir -p $(@D) && $(CC) $(turf_flags) -I$(BUILD)/gen -MMD -MP -c -o $@ $<

# embed.o: libturf.so and the compiled profiles (conf/module.mk).
$(BUILD)/bin/turf: $(turf_obj) $(BUILD)/turf/embed.o
	$(call say,LINK,$(BUILD)/turf)mkdir -p $(@D) && $(call turf_link,$(turf_ldflags) $^)

compile_obj := $(compile_src:%.c=$(BUILD)/host/%.o)
$(BUILD)/host/%.o: %.c
	$(call say,CC,$@)mkdir -p $(@D) && $(CC) $(host_flags) -I$(BUILD)/gen -MMD -MP -c -o $@ $<

$(BUILD)/bin/turf-compile: $(compile_obj) $(BUILD)/host/texts.o
	$(call say,LINK,$@)mkdir -p $(@D) && $(CC) $(host_link) -o $@ $^ -linih

all: $(BUILD)/bin/turf $(BUILD)/bin/turf-compile
