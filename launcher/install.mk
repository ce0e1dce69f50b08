# make install PREFIX=... DESTDIR=..., make uninstall. Configuration that somebody changed is never overwritten.

INSTALL ?= install
bindir := $(DESTDIR)$(PREFIX)/bin
libexecdir := $(DESTDIR)$(PREFIX)/libexec/turf
confdir := $(DESTDIR)$(PREFIX)/etc/turf
datadir := $(DESTDIR)$(PREFIX)/share
docdir := $(datadir)/doc/turf
completions := $(datadir)/bash-completion/completions/turf $(datadir)/zsh/site-functions/_turf \
	$(datadir)/fish/vendor_completions.d/turf.fish
man_pages := $(filter-out %.in,$(wildcard docs/man/*.[1-8]))

# PREFIX is compiled in (where turf-compile and the configuration are): another PREFIX is another program.
prefix_users := $(shell grep -lr TURF_PREFIX launcher --include=*.c)
prefix_stamp := $(BUILD)/gen/prefix.$(subst /,_,$(PREFIX))
$(prefix_stamp):
	$(Q)mkdir -p $(@D) && rm -f $(BUILD)/gen/prefix.* && touch $@
$(foreach tree,turf host,$(prefix_users:%.c=$(BUILD)/$(tree)/%.o)): $(prefix_stamp)

install: all
	$(Q)$(INSTALL) -d $(bindir) $(libexecdir) $(confdir)/profiles $(docdir) $(dir $(completions))
	$(Q)$(INSTALL) -m 755 $(BUILD)/bin/turf $(bindir)/turf
	$(Q)$(INSTALL) -m 755 $(BUILD)/bin/turf-compile $(libexecdir)/turf-compile
	$(Q)launcher/install_conf.sh install $(confdir) $(docdir)/conf
	$(Q)for page in $(man_pages); do section=$${page##*.}; $(INSTALL) -d $(datadir)/man/man$$section && \
		$(INSTALL) -m 644 $$page $(datadir)/man/man$$section/ || exit 1; done
	$(Q)$(INSTALL) -m 644 README.md LICENSE $(wildcard docs/*.md) $(docdir)/
	$(Q)set -- $(completions); for shell in bash zsh fish; do \
		$(BUILD)/bin/turf help --completion $$shell >$$1 && chmod 644 $$1 || exit 1; shift; done
	@echo "installed below $(DESTDIR)$(PREFIX)"

uninstall:
	$(Q)rm -f $(bindir)/turf $(libexecdir)/turf-compile $(completions)
	$(Q)launcher/install_conf.sh uninstall $(confdir) $(docdir)/conf
	$(Q)for page in $(notdir $(man_pages)); do rm -f $(datadir)/man/man$${page##*.}/$$page; done
	$(Q)rm -rf $(docdir); rmdir $(libexecdir) $(confdir)/profiles $(confdir) 2>/dev/null || true
.PHONY: install uninstall
