#!/bin/bash
# libturf.so loads into every glibc and into musl: it needs no library, no versioned symbol, no relocation of
# text and no executable stack, and whatever it takes from the program's libc is weak.
. "$(dirname "$0")/lib.sh"

so=$BUILD/libturf.so
[ -e "$so" ] || { complain "$so is not built"; finish; }
dynamic=$(readelf -dW "$so")
grep -E '\(NEEDED\)|\(TEXTREL\)|TEXTREL|\(RPATH\)|\(RUNPATH\)' <<<"$dynamic" && complain "$so: see above"
grep -q 'BIND_NOW\|NOW' <<<"$dynamic" || complain "$so: not bound at once"
versions=$(readelf -VW "$so" | grep -E 'GLIBC_|Version needs section')
[ -z "$versions" ] || complain "$so: needs symbol versions: $versions"
segments=$(readelf -lW "$so")
grep -qE 'GNU_STACK.* RW ' <<<"$segments" || complain "$so: executable stack, or none stated"
grep -qE 'LOAD.* RWE ' <<<"$segments" && complain "$so: writable and executable segment"
grep -q GNU_RELRO <<<"$segments" || complain "$so: no RELRO"
strong=$(nm -D --undefined-only "$so" | awk '$1 != "w" && $1 != "v"')
[ -z "$strong" ] || complain "$so: strong undefined symbols: ${strong//$'\n'/ }"
leaked=$(nm -D --defined-only "$so" | awk '$3 ~ /^tf_/ { print $3 }')
[ -z "$leaked" ] || complain "$so: exports its own symbols: ${leaked//$'\n'/ }"
# Private memory of every process in the sandbox: what is written at load. bss costs only what is touched.
read -r data bss < <(size "$so" | awk 'NR == 2 { print $2, $3 }')
[ "$data" -le 32768 ] || complain "$so: $data bytes of data, 32 KiB allowed"
[ "$bss" -le 524288 ] || complain "$so: $bss bytes of bss, 512 KiB allowed"
finish
