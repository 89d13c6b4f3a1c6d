#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# What a DHCP client (udhcpc or dhclient) calls: configures eth0, and leaves what it
# was told in $SAID, a line NAME='VALUE' each. A process costs more than what it does.
what=${reason:-$1}
case $what in
bound | renew) addr=$ip/$mask gateway=$router ;;
BOUND | REBOOT | RENEW | REBIND) addr=$new_ip_address/24 gateway=${new_routers%% *} ;;
BOUND6 | REBIND6) addr=$new_ip6_address/128 gateway= ;;
PREINIT | PREINIT6 | deconfig) exit 0 ;;
*) addr= ;;
esac
[ -z "$addr" ] || ip -batch - <<-B
	addr replace $addr dev eth0
	${gateway:+route replace default via $gateway}
B
set > "$SAID.new"
mv "$SAID.new" "$SAID"
