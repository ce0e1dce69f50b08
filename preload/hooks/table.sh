#!/bin/sh
# What is made from hooks.def, and what is held against it.
#   table.sh --markdown       docs/hooks.md on stdout
#   table.sh --exports        the symbols that libturf.so has to export, sorted
#   table.sh --check LIBTURF  compares them with what it does export: 0 same, 1 differs (says how)
#   table.sh --libc LIBC...   path-like functions of the libcs (FILES of libc.so) without a row
# One row a line in hooks.def makes this a job for awk; table.c has checked the words by then.
set -eu
def=$(dirname "$0")/hooks.def

# symbol, family, class, paths, follow, note: separated by tabs.
rows() {
	sed -n 's/^TF_HOOK(\([^,]*\), *\([^,]*\), *\([^,]*\), *\([^,]*\), *\([^,]*\), *"\(.*\)") *$/\1\t\2\t\3\t\4\t\5\t\6/p' "$def"
}

families() {
	sed -n 's/^TF_FAMILY(\([^,]*\), *"\(.*\)") *$/\1\t\2/p' "$def"
}

# A row that the pattern above does not take would be lost without a word.
check_form() {
	lines=$(grep -c '^[[:space:]]*TF_HOOK(' "$def")
	taken=$(rows | wc -l)
	[ "$lines" = "$taken" ] || {
		echo "hooks.def: $lines rows, $taken of the form TF_HOOK(symbol, family, class, paths, follow, \"note\")" >&2
		exit 1
	}
}

exports() {
	rows | awk -F '\t' '$3 != "LISTED" { print $1 }' | LC_ALL=C sort
}

markdown() {
	cat <<'END'
# The hooks of libturf.so

Made from `preload/hooks/hooks.def` by `preload/hooks/table.sh --markdown`: do not edit.

`SYSCALL`: the hook makes the system call itself, with the translated path. `REAL`: the path is translated, then libc's own
function called. `OWN`: implemented in libturf.so. `REFUSED`: fails inside a sandbox. `LISTED`: deliberately not hooked.
Paths: `P1` first argument, `D1P2` a path relative to a directory descriptor, `A2` a socket address, `M2` a message
header with one, `OUT` given back to the caller, `VAR` depends on another argument.
END
	{ families; rows; } | awk -F '\t' '
		NF == 2 { order[++n] = $1; what[$1] = $2; next }
		{ text[$2] = text[$2] sprintf("| `%s` | %s | %s | %s | %s |\n", $1, $3, $4, $5, $6); count[$3]++; total++ }
		END {
			printf "\n%d functions: %d SYSCALL, %d REAL, %d OWN, %d REFUSED, %d LISTED.\n", total,
				count["SYSCALL"], count["REAL"], count["OWN"], count["REFUSED"], count["LISTED"]
			for (i = 1; i <= n; i++)
				printf "\n## %s\n\n%s.\n\n| function | class | paths | last symlink | note |\n|---|---|---|---|---|\n%s",
					order[i], toupper(substr(what[order[i]], 1, 1)) substr(what[order[i]], 2), text[order[i]]
		}'
}

check() {
	want=$(mktemp) have=$(mktemp)
	trap 'rm -f "$want" "$have"' EXIT
	exports >"$want"
	nm -D --defined-only "$1" | awk '{ print $3 }' | LC_ALL=C sort >"$have"
	missing=$(LC_ALL=C comm -23 "$want" "$have" | tr '\n' ' ')
	extra=$(LC_ALL=C comm -13 "$want" "$have" | tr '\n' ' ')
	[ -z "$missing" ] || echo "$1: hooked in hooks.def, not exported: $missing" >&2
	[ -z "$extra" ] || echo "$1: exported, not in hooks.def: $extra" >&2
	[ -z "$missing$extra" ]
}

# Names that speak of files. A libc may grow one that nobody here has thought of.
words='open|stat|access|dir|link|rename|remove|chmod|chown|utime|trunc|xattr|pathconf|notify|handle_at|cwd|getwd|mount|pivot|chroot|swap|exec|spawn|temp|tmp|ftw|fts|glob|realpath|canonicalize|shm_|sem_|mq_'
libc() {
	rows | cut -f 1 | LC_ALL=C sort >"${TMPDIR:-/tmp}/rows.$$"
	trap 'rm -f "${TMPDIR:-/tmp}/rows.$$"' EXIT
	for file; do
		nm -D --defined-only "$file"
	done | awk '$2 ~ /[TWi]/ { sub(/@.*/, "", $3); print $3 }' | grep -E "$words" | LC_ALL=C sort -u |
		LC_ALL=C comm -23 - "${TMPDIR:-/tmp}/rows.$$"
}

check_form
case ${1-} in
--markdown) markdown ;;
--exports) exports ;;
--check) check "$2" ;;
--libc) shift && libc "$@" ;;
*) sed -n '2,6p' "$0" >&2 && exit 2 ;;
esac
