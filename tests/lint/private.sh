#!/bin/bash
# The tree explains itself: no file refers to notes, numbers or paths that only some readers have.
. "$(dirname "$0")/lib.sh"

# cd is done: names are relative to the root. Untracked files count too.
mapfile -t files < <(git ls-files -co --exclude-standard 2>/dev/null || find . -type f -not -path './build*')
while IFS= read -r hit; do
	complain "$hit"
done < <(grep -nIE '(^|[^a-z])shared/[a-z]+\.md|/work/(main|shared)|/\.library|attacks\.md|style\.md|numbers\.md|[Ii]ssue #?[0-9]|HOOKS-[AB]' \
	"${files[@]}" 2>/dev/null | grep -vE '^(\./)?tests/lint/private.sh:')
finish
