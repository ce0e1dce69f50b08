# Sourced by every lint: says what is wrong as "FILE:LINE: text" or "FILE: text" and fails at the end.
# A lint exits 0 (fine), 1 (findings), 77 (cannot run here; its last line says why).
# shellcheck shell=bash
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 2
BUILD=${BUILD:-build}
CC=${CC:-gcc}
findings=0

complain() {
	printf '%s\n' "$*"
	findings=$((findings + 1))
}

cannot() {
	echo "$*"
	exit 77
}

finish() {
	[ "$findings" = 0 ]
	exit
}

# The project's own C: of the given trees, or all of the product.
c_files() {
	[ $# -gt 0 ] || set -- preload monitor launcher
	find "$@" -name '*.c' | sort
}
h_files() {
	[ $# -gt 0 ] || set -- preload monitor launcher
	find "$@" -name '*.h' | sort
}

# A C file without comments and string contents, line numbers kept.
code_of() {
	perl -0pe '
		s{(/\*.*?\*/|//[^\n]*)|("(?:\\.|[^"\\\n])*")|(\x27(?:\\.|[^\x27\\\n])*\x27)}
		 {defined $1 ? do { my $c = $1; $c =~ s/[^\n]//g; " $c" } : defined $2 ? "\"\"" : $3}gse' "$1"
}

# A C file without comments, strings kept.
text_of() {
	perl -0pe '
		s{(/\*.*?\*/|//[^\n]*)|("(?:\\.|[^"\\\n])*"|\x27(?:\\.|[^\x27\\\n])*\x27)}
		 {defined $1 ? do { my $c = $1; $c =~ s/[^\n]//g; " $c" } : $2}gse' "$1"
}
