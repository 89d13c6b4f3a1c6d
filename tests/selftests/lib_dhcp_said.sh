#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# What a DHCP client (udhcpc or dhclient) calls: configures eth0, and leaves what it
# was told in $SAID, a line NAME=VALUE each.
what=${reason:-$1}
{
	echo "what=$what"
	env | grep -v '^SAID='
} > "$SAID.new"
case $what in
bound | renew)
	ip addr replace "$ip/$mask" dev eth0
	[ -z "$router" ] || ip route replace default via "$router"
	;;
BOUND | REBOOT | RENEW | REBIND)
	ip addr replace "$new_ip_address/24" dev eth0
	[ -z "$new_routers" ] || ip route replace default via "${new_routers%% *}"
	;;
BOUND6 | REBIND6)
	ip addr replace "$new_ip6_address/128" dev eth0
	;;
PREINIT | PREINIT6 | deconfig)
	rm -f "$SAID.new"
	exit 0
	;;
esac
mv "$SAID.new" "$SAID"
