#!/bin/bash
# Dependencies go one way: an #include against the direction is refused.
#   core <- rt <- hooks;  core <- monitor;  core, monitor <- launcher;  base <- plan, kernel <- mode <- cli;  plan <- compile
# kernel sees plan/settings.h only for the words of a run (tier, network, ulimit): data, no code.
. "$(dirname "$0")/lib.sh"

allowed() {
	case $1 in
	preload/core) echo preload/core ;;
	preload/rt) echo preload/core preload/rt ;;
	preload/hooks) echo preload/core preload/rt preload/hooks ;;
	monitor) echo preload/core monitor ;;
	launcher/base) echo preload/core launcher/base ;;
	launcher/kernel) echo preload/core launcher/base launcher/kernel launcher/plan/settings.h ;;
	launcher/plan) echo preload/core launcher/base launcher/kernel launcher/plan ;;
	# the first exec is planned with the code that plans every later one (docs/design.md)
	launcher/mode) echo preload/core preload/rt monitor launcher/base launcher/kernel launcher/plan launcher/mode ;;
	launcher/cli) echo preload/core monitor launcher/base launcher/kernel launcher/plan launcher/mode launcher/cli ;;
	launcher/compile) echo preload/core launcher/base launcher/plan launcher/compile ;;
	*) echo ;;
	esac
}

for file in $(c_files) $(h_files) $(find preload monitor launcher -name '*.def'); do
	dir=$(dirname "$file")
	ok=$(allowed "$dir")
	[ -n "$ok" ] || { complain "$file: directory $dir is in no layer (tests/lint/layers.sh)"; continue; }
	while IFS=: read -r line include; do
		target=$(realpath -m --relative-to=. "$dir/$include")
		[ -e "$target" ] || [ ! -e "$include" ] || target=$include
		case $target in preload/* | monitor/* | launcher/*) ;; *) continue ;; esac # generated
		is_ok=0
		for layer in $ok; do
			case $target in "$layer" | "$layer"/*) is_ok=1 ;; esac
		done
		[ $is_ok = 1 ] || complain "$file:$line: $dir must not include $target"
	done < <(sed -nE 's/^[ \t]*#[ \t]*include[ \t]+"([^"]+)".*/\1/;t p;d;:p;=;p' "$file" | paste -d: - -)
done
finish
