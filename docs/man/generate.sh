#!/bin/sh
# generate.sh TURF: turf(1) on stdout. Name, synopsis, commands and options come from turf's own table; what no table
# knows (files, environment, exit status) from turf.1.tail.
set -eu
"$1" help --man
cat "$(dirname "$0")/turf.1.tail"
