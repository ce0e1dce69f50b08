#!/usr/bin/env bats
# make install and uninstall, into a DESTDIR; what the owner of a configuration file changed is kept.

setup() {
	cd "$TOP" || return
	dest=$BATS_TEST_TMPDIR/dest
	etc=$dest/usr/local/etc/turf
}

make_into() {
	# -o all: what is tested is the built tree, not whether it can be built again here.
	make --no-print-directory -o all "$1" BUILD="$BUILD" DESTDIR="$dest"
}

@test "install puts every part in its place" {
	run make_into install
	[ "$status" = 0 ] || { echo "$output"; return 1; }
	for file in bin/turf libexec/turf/turf-compile etc/turf/turf.conf etc/turf/profiles/default.conf \
		share/man/man1/turf.1 share/man/man5/turf.conf.5 share/man/man5/turf-profile.5 share/man/man7/turf-security.7 \
		share/bash-completion/completions/turf share/zsh/site-functions/_turf \
		share/fish/vendor_completions.d/turf.fish share/doc/turf/README.md; do
		[ -s "$dest/usr/local/$file" ] || { echo "missing: $file"; return 1; }
	done
	run "$dest/usr/local/bin/turf" --version
	[ "$status" = 0 ]
	[[ $output == "turf version "* ]]
	bash -n "$dest/usr/local/share/bash-completion/completions/turf"
}

@test "a changed configuration file is never overwritten" {
	make_into install
	echo "# mine" >>"$etc/profiles/build.conf"
	run make_into install
	[ "$status" = 0 ]
	grep -qx "# mine" "$etc/profiles/build.conf"
	cmp "$etc/profiles/build.conf.new" conf/profiles/build.conf
	[[ $output == *"kept, it was changed: $etc/profiles/build.conf"* ]]
}

@test "uninstall leaves nothing but what was changed" {
	make_into install
	echo "# mine" >>"$etc/turf.conf"
	make_into uninstall
	run find "$dest" -type f
	[ "$output" = "$etc/turf.conf" ]
}
