#!/bin/bash
# Layout as .clang-format says. Versions of clang-format differ in details: 14 (Debian 12's) decides.
. "$(dirname "$0")/lib.sh"

version=$(clang-format --version | grep -oE '[0-9]+' | head -n 1)
[ "$version" = 14 ] || cannot "clang-format $version, the layout is that of 14"
for file in $(c_files) $(h_files) $(c_files tests) $(h_files tests); do
	clang-format --dry-run -Werror "$file" >/dev/null 2>&1 || complain "$file: run clang-format -i on it"
done
finish
