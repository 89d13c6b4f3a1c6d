#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1 (allowed: its MAC with 10.0.0.1 and fd00::1) -- net0 -- vm2
#
# allowed-addresses: what a VM may send from, and what it is sent.
. "$(dirname "$0")/lib.sh"
need jq ping

vm vm1 10.0.0.1/24 fd00::1/64
vm vm2 10.0.0.2/24 fd00::2/64
setup midoctl bridge add net0
setup midoctl port add net0:vm1 dev vm1
setup midoctl port add net0:vm2 dev vm2
mac=$(mac_of vm1)
setup midoctl port set net0:vm1 allowed-addresses "$mac=10.0.0.1,$mac=fd00::1"

from() {	# from ADDRESS TARGET: ping with a source address; must fail
	! in_vm vm1 ping -q -c 1 -W 1 -I "$1" "$2" > /dev/null
}

check "listed IPv4 address passes" can_ping vm1 10.0.0.2
check "listed IPv6 address passes" can_ping vm1 fd00::2

setup in_vm vm1 ip addr add 10.0.0.66/24 dev eth0
setup in_vm vm1 ip addr add fd00::66/64 dev eth0 nodad
check "another IPv4 source is dropped" from 10.0.0.66 10.0.0.2
check "and counted" test "$(dropped spoof-ipv4)" -ge 1
check "another IPv6 source is dropped" from fd00::66 fd00::2
check "and counted" test "$(($(dropped spoof-ipv6) + $(dropped spoof-nd)))" -ge 1

pad=$(printf '00%.0s' {1..46})
frame vm1 "ffffffffffff 020000000066 88b5 $pad"
check "another Ethernet source is dropped and counted" \
	test "$(dropped spoof-ethernet)" -ge 1
m=$(echo "$mac" | tr -d :)
frame vm1 "ffffffffffff $m 0806 0001 0800 06 04 0001 $m 0a000042 000000000000 0a000002"
check "another ARP sender address is dropped and counted" \
	test "$(dropped spoof-arp)" -ge 1
frame vm1 "ffffffffffff $m 0806 0001 0800 06 04 0001 020000000066 0a000001 000000000000 0a000002"
check "another ARP sender MAC too" test "$(dropped spoof-arp)" -ge 2
frame vm1 "ffffffffffff $m 8100 0005 0800 4500001c000000004011000001020304ffffffff 0001000200080000"
check "also inside a tag" test "$(dropped spoof-ipv4)" -ge 2
before=$(dropped spoof-ipv4)
frame vm1 "ffffffffffff $m 0800 4500001c0000000040110000 00000000 ffffffff 0044004300080000"
check_eq "0.0.0.0 for DHCP is implied" "$(dropped spoof-ipv4)" "$before"

frame vm2 "020000000077 $(mac_of vm2 | tr -d :) 88b5 $pad"
check "a unicast frame for another MAC is not delivered to it" \
	test "$(dropped not-allowed-here)" -ge 1
setup midoctl port set net0:vm1 allowed-addresses none
check "without the list everything passes" \
	in_vm vm1 ping -q -c 1 -W 1 -I 10.0.0.66 10.0.0.2
