#!/bin/bash
# The hooks of libturf.so, called by small programs (drv_*.c) over a made-up tree: for glibc and for musl, with a flat
# and with a nested view, with openat2(2) and without. No launcher and no wall: what the hooks do by themselves.
#   hooks_test.sh [DRIVER...]      BUILD and CC from the environment
set -u
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
build=$(realpath "${BUILD:-$top/build}")
lib=${LIBTURF:-$build/libturf.so}
cc=${CC:-gcc}
tmp=$(mktemp -d)
trap 'chmod -R u+rwx "$tmp"; rm -rf "$tmp"' EXIT
chmod 755 "$tmp"
passed=0 failed=0 skipped=0

skip() {
	echo "skip: $1: $2"
	skipped=$((skipped + 1))
}

# ---- programs ----

flags=(-std=gnu11 -O1 -g -D_GNU_SOURCE -Wall -Wextra -Wno-nonnull -Wno-deprecated-declarations)
"$cc" "${flags[@]}" -o "$tmp/mkview" "$here/mkview.c" "$top/launcher/plan/view_build.c" \
	"$top"/preload/core/*.c || exit 1

# driver LIBC NAME: builds drv_NAME for that libc.
driver() {
	local compiler=$cc
	[ "$1" = glibc ] || compiler=musl-gcc
	[ "$1" = glibc ] || [ -d "$tmp/include" ] || {
		# musl-gcc sees no kernel headers of its own.
		mkdir "$tmp/include"
		ln -s /usr/include/linux /usr/include/asm-generic "$tmp/include/"
		ln -s "/usr/include/$(gcc -print-multiarch)/asm" "$tmp/include/asm"
	}
	local extra=()
	[ "$1" = glibc ] || extra=(-idirafter "$tmp/include")
	local source=$here/drv_$2.c
	[ "$2" != outside ] || source=$here/outside.c
	"$compiler" "${flags[@]}" "${extra[@]}" -o "$tmp/$1-$2" "$source" -pthread
}

# ---- the tree: drv.h has its description ----

make_tree() {
	export T=$tmp/tree
	[ ! -d "$T" ] || chmod -R u+rwx "$T"
	rm -rf "$T"
	mkdir -p "$T"/{root,one/dir,one/in,one/secret,two/d,three/d,four,five}
	echo "one a" >"$T/one/a"
	echo "one b" >"$T/one/dir/b"
	echo "two r" >"$T/two/r"
	echo "four" >"$T/four/file"
	echo "five i" >"$T/five/i"
	echo "secret" >"$T/one/secret/s"
	echo "shadowed" >"$T/one/in/shadowed"
	printf '%s\n' "+::::::" "root:x:0:0:guest root:/guest:/bin/sh" "# alice:x:1:1:::" "broken:x" \
		"alice:x:5000:600:Alice,,:/home/alice:/bin/bash" "bob:x:5001:5001::/home/bob:" >"$T/four/passwd"
	printf '%s\n' "root:x:0:" "staff:x:600:alice,bob" "bad:x:y:" "games:x:601:bob,alice" "empty:*:602:" >"$T/four/group"
	for d in one two three; do
		printf '#!/bin/sh\necho tool\n' >"$T/$d/tool"
		chmod 755 "$T/$d/tool"
	done
	ln -s a "$T/one/link_rel"
	ln -s /work/dir/b "$T/one/link_abs"
	ln -s ../ro/r "$T/one/link_up"
	ln -s dir "$T/one/link_dir"
	ln -s /ro "$T/one/link_absdir"
	ln -s "$T/two/r" "$T/one/link_host"
	ln -s "$T/two" "$T/one/link_hostdir"
	ln -s /work/new_by_link "$T/one/dangling"
	ln -s loop "$T/one/loop"
	ln -s in/i "$T/one/link_in"
	ln -s /work/secret/s "$T/one/link_secret"
	ln -s /work/a "$T/two/link_w"
	mkdir -m 000 "$T"/root/{work,ro,tmp,usr,etc,proc,dev}
	: >"$T/root/file"
	chmod 000 "$T/root/file"
	chmod 555 "$T/root"
}

# make_view VIEWFLAGS
make_view() {
	{
		cat <<-END
			private r s / $T/root
			identity rx - /usr /usr
			identity r - /etc /etc
			identity rw - /proc /proc
			identity rw - /dev /dev
			bind rwx - /work $T/one
			bind rx - /ro $T/two
			private rw - /tmp $T/three
			bind rw f /file $T/four/file
		END
		[ -z "${NESTED-}" ] || printf '%s\n' "bind rw - /work/in $T/five" "hidden r - /work/secret -" \
			"bind r f /etc/passwd $T/four/passwd" "bind r f /etc/group $T/four/group" \
			"bind r f /dev/log $T/four/file"
	} | "$tmp/mkview" "$tmp/view" "$lib" "$1"
}

# ---- runs ----

# run LIBC NAME VIEW VIEWFLAGS [NESTED]
run() {
	local name="$2 ($1, $3)" out status

	make_tree
	if [ -n "${5-}" ]; then export NESTED=1; else unset NESTED; fi
	make_view "$4" || exit 1
	local env=(LD_PRELOAD="$lib" TURF_VIEW="$tmp/view")
	[ "$2" != outside ] || env=(-u TURF_VIEW LD_PRELOAD="$lib")
	out=$(cd "$T/one" && timeout 60 env "${env[@]}" "$tmp/$1-$2" 2>&1)
	status=$?
	passed=$((passed + $(grep -c '^ok: ' <<<"$out")))
	failed=$((failed + $(grep -c '^not ok: ' <<<"$out")))
	skipped=$((skipped + $(grep -c '^skip: ' <<<"$out")))
	grep '^skip: ' <<<"$out"
	grep -v '^ok: \|^skip: ' <<<"$out" | sed "s/^/$name: /"
	# 1: checks failed, and are counted.
	if [ "$status" -gt 1 ] || ! grep -q '^ok: ' <<<"$out"; then
		echo "not ok: $name: status $status"
		failed=$((failed + 1))
	fi
}

if [ $# = 0 ]; then
	for file in "$here"/drv_*.c; do
		name=${file##*/drv_}
		set -- "$@" "${name%.c}"
	done
fi
libcs=(glibc)
if command -v musl-gcc >/dev/null; then libcs+=(musl); else skip hooks-musl "no musl-gcc here"; fi
for name; do
	for libc in "${libcs[@]}"; do
		driver "$libc" "$name" || { failed=$((failed + 1)); continue; }
		run "$libc" "$name" flat 1
		run "$libc" "$name" nested 1 nested
		run "$libc" "$name" flat,no-openat2 0
		run "$libc" "$name" nested,cooperative 5 nested
	done
done
for libc in "${libcs[@]}"; do
	driver "$libc" outside || { failed=$((failed + 1)); continue; }
	run "$libc" outside "no view" 1
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
