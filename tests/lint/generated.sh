#!/bin/bash
# What is generated and committed is fresh; what is written by hand beside a table names all of the table; and
# every path that a document shows in backticks exists.
. "$(dirname "$0")/lib.sh"

fresh() {
	local file=$1 now
	shift
	now=$("$@" 2>&1) || { complain "$file: $* failed: $(head -n 2 <<<"$now")"; return; }
	[ "$now" = "$(cat "$file" 2>/dev/null)" ] || complain "$file: stale, run make docs"
}
fresh docs/hooks.md preload/hooks/table.sh --markdown
fresh docs/man/turf.1 docs/man/generate.sh "$BUILD/bin/turf"

# Rows of the settings table: {"name", letter, WHERE, ...
named() {
	local where=$1 page=$2 key
	while read -r key; do
		grep -qE "\"? ?$key([ \",]|$)" "$page" || complain "$page: does not name the key $key"
	done < <(sed -nE "s/^\t\{\"([a-z-]+)\", [^,]+, [A-Z |]*\b$where\b.*/\1/p" launcher/plan/settings.c)
}
named PROFILE docs/man/turf-profile.5
named CONF docs/man/turf.conf.5

for doc in README.md docs/*.md; do
	# shellcheck disable=SC2016 # backticks, not a command
	while IFS=: read -r line path; do
		case $path in *...* | *[A-Z][A-Z]*) [ -e "$path" ] || continue ;; esac # a placeholder
		compgen -G "$path" >/dev/null || complain "$doc:$line: $path does not exist"
	done < <(grep -noE '`(tests|docs|preload|launcher|monitor|conf)/[A-Za-z0-9_./*-]+`' "$doc" | tr -d '`')
	while IFS=: read -r line path; do
		[ -e "$(dirname "$doc")/$path" ] || complain "$doc:$line: link to $path, which does not exist"
	done < <(grep -noE '\]\([A-Za-z0-9_./-]+\)' "$doc" | sed 's/](\(.*\))/\1/')
done

for page in docs/man/*.[1-8]; do
	command -v man >/dev/null || break
	out=$(MANWIDTH=80 LC_ALL=C.UTF-8 man --warnings -E UTF-8 -l "$page" 2>&1 >/dev/null)
	[ -z "$out" ] || complain "$page: $(head -n 2 <<<"$out")"
done
finish
