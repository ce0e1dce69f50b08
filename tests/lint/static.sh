#!/bin/bash
# turf is one static program at a fixed address, without glibc; turf-compile is hardened.
. "$(dirname "$0")/lib.sh"

turf=$BUILD/bin/turf
[ -e "$turf" ] || { complain "$turf is not built"; finish; }
readelf -lW "$turf" | grep -q INTERP && complain "$turf: has an interpreter"
readelf -dW "$turf" 2>/dev/null | grep -q NEEDED && complain "$turf: needs a library"
readelf -hW "$turf" | grep -q 'Type:.*EXEC' || complain "$turf: relocates itself at every start"
readelf -lW "$turf" | grep -qE 'GNU_STACK.* RW ' || complain "$turf: executable stack"
nm "$turf" 2>/dev/null | grep -q __libc_start_main_impl && complain "$turf: is linked with glibc (musl-tools missing?)"
bytes=$(stat -c %s "$turf")
text=$(size "$turf" | awk 'NR == 2 { print $1 + $2 }')
[ "$text" -le 1048576 ] || complain "$turf: $text bytes of code and data, 1 MiB allowed (file: $bytes)"

compile=$BUILD/bin/turf-compile
readelf -hW "$compile" | grep -q 'Type:.*DYN' || complain "$compile: not position-independent"
readelf -dW "$compile" | grep -qE 'BIND_NOW|NOW' || complain "$compile: not bound at once"
finish
