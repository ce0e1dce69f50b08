# turf: one Makefile, one fragment a part (*/module.mk). Objects go to build/, never beside the sources.
#   make | demo | check | lint | asan | fuzz | bench | docs | install PREFIX= DESTDIR= | uninstall | deps | clean
# V=1 shows the commands; WERROR=1 makes warnings errors (CI does); BUILD= selects another object tree.

MAKEFLAGS += --no-builtin-rules
.SUFFIXES:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all

BUILD ?= build
PREFIX ?= /usr/local
ifeq ($(origin CC),default)
CC := gcc
endif
VERSION := 0.1.0

Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-7s %s\n' $(1) $(2);)

warnings := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wundef \
	-Wpointer-arith -Wwrite-strings -Wformat=2 -Wno-unused-parameter $(if $(WERROR),-Werror)
common := -std=gnu11 -O2 -g -fno-common -D_GNU_SOURCE -DTURF_VERSION='"$(VERSION)"' \
	-DTURF_PREFIX='"$(PREFIX)"' $(warnings)
# For programs that run on the builder's libc: turf-compile, tests, benchmarks.
host_flags := $(common) -fstack-protector-strong -D_FORTIFY_SOURCE=2 -fPIE $(SANITIZE)
host_link := -pie -Wl,-z,relro,-z,now $(SANITIZE)

all:
.PHONY: all

include preload/module.mk
include monitor/module.mk
include launcher/module.mk
include conf/module.mk
include tests/module.mk
include docs/module.mk

clean:
	$(Q)rm -rf $(BUILD)
.PHONY: clean

# Headers that an object was made from.
-include $(shell test -d $(BUILD) && find $(BUILD) -type f -name '*.d')
