#!/bin/bash
# cppcheck's warnings and portability notes. Its style opinions are clang-tidy's and the reader's business.
. "$(dirname "$0")/lib.sh"

out=$(cppcheck --quiet --std=c11 --enable=warning,portability --inline-suppr -j "$(nproc)" \
	--suppressions-list=tests/lint/cppcheck.txt --error-exitcode=1 --template='{file}:{line}: {severity} {id}: {message}' \
	-D_GNU_SOURCE -D__x86_64__ -DTURF_VERSION='""' -DTURF_PREFIX='""' preload monitor launcher 2>&1)
[ -z "$out" ] || complain "$out"
finish
