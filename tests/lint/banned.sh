#!/bin/bash
# Functions whose misuse cannot be seen at the call: unbounded copies, hidden state, a shell.
# preload/hooks defines some of these for the program (that is its job) but must not call them.
. "$(dirname "$0")/lib.sh"

words='strcpy|strcat|stpcpy|sprintf|vsprintf|strtok|strtok_r|atoi|atol|atoll|atof|alloca|gets|system|popen|mktemp|tmpnam|signal'
for file in $(c_files) $(h_files); do
	while IFS= read -r hit; do
		# A definition of a hook begins a line with its type.
		case $file in preload/hooks/*)
			grep -qE "^[0-9]+:(TF_EXPORT|[a-z_].*[ *]($words)\()" <<<"$hit" && ! grep -qE '^[0-9]+:[ \t]' <<<"$hit" && continue ;;
		esac
		complain "$file:$hit"
	done < <(code_of "$file" | grep -nE "(^|[^A-Za-z0-9_.>])($words)[ \t]*\(")
done
finish
