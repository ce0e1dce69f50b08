#!/bin/sh
# install_conf.sh install|uninstall CONFDIR SHIPPED: turf.conf and the profiles, for make install.
# SHIPPED keeps a copy of what was installed last. A file that differs from that copy was changed by its owner:
# install then puts the new one beside it as FILE.new, uninstall leaves it.
set -eu
what=$1 conf=$2 shipped=$3
cd "$(dirname "$0")/../conf"

for file in turf.conf profiles/*.conf; do
	if [ "$what" = uninstall ]; then
		if cmp -s "$conf/$file" "$shipped/$file"; then
			rm -f "$conf/$file"
		elif [ -e "$conf/$file" ]; then
			echo "kept, it was changed: $conf/$file"
		fi
		rm -f "$conf/$file.new"
		continue
	fi
	mkdir -p "$(dirname "$conf/$file")" "$(dirname "$shipped/$file")"
	if [ ! -e "$conf/$file" ] || cmp -s "$conf/$file" "$shipped/$file"; then
		install -m 644 "$file" "$conf/$file"
		rm -f "$conf/$file.new"
	elif ! cmp -s "$conf/$file" "$file"; then
		install -m 644 "$file" "$conf/$file.new"
		echo "kept, it was changed: $conf/$file (the new one is $conf/$file.new)"
	fi
	install -m 644 "$file" "$shipped/$file"
done
