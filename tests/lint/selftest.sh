#!/bin/bash
# The lints can fail: each gets a small tree with one violation of its rule, and has to find it there.
. "$(dirname "$0")/lib.sh"

tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT

fresh() {
	rm -rf "${tree:?}"/*
	mkdir -p "$tree"/{preload/core,preload/rt,preload/hooks,monitor,launcher/{base,plan,mode},tests/unit,conf,docs,.ci}
	cp -r tests/lint "$tree/tests/"
	cp .clang-format .clang-tidy "$tree/"
	: >"$tree/tests/skips.txt"
	printf '#!/bin/bash\ntrue\n' >"$tree/.ci/run"
	printf '# none\n' >"$tree/tests/lint/untested.txt"
	printf '/* A. */\n#ifndef TURF_CORE_A_H\n#define TURF_CORE_A_H\nint tf_a(int x);\n#endif\n' >"$tree/preload/core/a.h"
	printf '/* A. */\n#include "a.h"\n\nint tf_a(int x)\n{\n\treturn x;\n}\n' >"$tree/preload/core/a.c"
	printf '/* A. */\n' >"$tree/tests/unit/test_a.c"
}

# catches LINT FILE TEXT: fine before TEXT is appended to FILE, refused after.
catches() {
	fresh
	bash "$tree/tests/lint/$1.sh" >/dev/null 2>&1
	case $? in
	77) return ;;
	0) ;;
	*) complain "tests/lint/$1.sh: refuses a good tree: $(bash "$tree/tests/lint/$1.sh" 2>&1 | head -n 3)" ;;
	esac
	printf '%b' "$3" >>"$tree/$2"
	bash "$tree/tests/lint/$1.sh" >/dev/null 2>&1 && complain "tests/lint/$1.sh: does not see: $3"
}

catches layers preload/core/a.c '#include "../../monitor/m.h"\n'
catches modes monitor/m.c '/* M. */\nint m = TF_MODE_ROOTLESS;\n'
catches banned preload/core/a.c 'void f(char *a)\n{\n\tsprintf(a, "%%s", a);\n}\n'
catches banned preload/hooks/h.c '/* H. */\nint system(const char *c)\n{\n\treturn system(c);\n}\n'
catches length preload/core/a.c "$(printf 'int x%.0s;\\n' {1..900})"
catches headers preload/core/a.h 'int tf_b(struct undeclared x, size_t n);\n'
catches heads monitor/m.c 'int m;\n'
catches heads monitor/m.c '/* M, not tested. */\nint m;\n'
catches format preload/core/a.c 'int  f( int a ){return a;}\n'
catches tidy preload/core/a.c 'int tf_f(void)\n{\n\tint *p = 0;\n\treturn *p;\n}\n'
catches cppcheck preload/core/a.c 'int tf_f(void)\n{\n\tint a[2] = {0};\n\treturn a[2];\n}\n'
# shellcheck disable=SC2016 # the dollar belongs to the planted text
catches shell .ci/run 'rm -rf $1/*\n'
catches skips tests/skips.txt 'some_test\n'
catches private docs/x.md 'see shar''ed/design.md\n'
finish
