# libturf.so: freestanding, position-independent, no libc. core is compiled a second and third time
# by launcher/module.mk and tests/module.mk.

core_src := $(wildcard preload/core/*.c)
preload_src := $(core_src) $(wildcard preload/rt/*.c) $(wildcard preload/hooks/*.c)
preload_obj := $(preload_src:%.c=$(BUILD)/so/%.o)

# No stack protector (its guard lives in a TLS that may not be there yet), no builtins that become calls
# to what we hook, initial-exec TLS only.
so_flags := $(common) -fPIC -fvisibility=hidden -ffreestanding -fno-stack-protector -fno-builtin \
	-fno-asynchronous-unwind-tables -fomit-frame-pointer -ftls-model=initial-exec -fcf-protection=none

$(BUILD)/so/%.o: %.c
	$(call say,CC,$@)mkdir -p $(@D) && $(CC) $(so_flags) -I$(BUILD)/gen -MMD -MP -c -o $@ $<

$(BUILD)/libturf.so: $(preload_obj) preload/libturf.map
	$(call say,LINK,$@)$(CC) -shared -nostdlib -nostartfiles -Wl,-soname,libturf.so -Wl,-Bsymbolic \
		-Wl,--hash-style=gnu -Wl,-z,relro,-z,now,-z,noexecstack,-z,separate-code -Wl,--build-id \
		-Wl,--version-script=preload/libturf.map -o $@ $(preload_obj)

all: $(BUILD)/libturf.so
