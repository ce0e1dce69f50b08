#!/bin/bash
# A mode's name appears nowhere outside launcher/mode but in the settings that parse it and in help texts:
# what differs between modes is behind launcher/mode's table.
. "$(dirname "$0")/lib.sh"

for file in $(c_files) $(h_files); do
	case $file in
	launcher/mode/* | launcher/plan/settings.[ch] | launcher/plan/key_*.c | launcher/cli/help*.c) continue ;;
	esac
	while IFS= read -r hit; do
		complain "$file:$hit"
	done < <(code_of "$file" | grep -nE 'TF_MODE_(FALLBACK|ROOTLESS|SYSADMIN)')
done
finish
