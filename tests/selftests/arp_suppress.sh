#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1 -- net0 -- vm2
#
# ARP and neighbour solicitations for static neighbours are answered where the
# VM is; the others do not hear them.
. "$(dirname "$0")/lib.sh"
need jq arping

vm vm1 10.0.0.1/24 fd00::1/64
vm vm2 10.0.0.2/24 fd00::2/64
setup midoctl bridge add net0
setup midoctl port add net0:vm1 dev vm1
setup midoctl port add net0:vm2 dev vm2
setup midoctl neighbour add net0 10.0.0.9 mac 02:00:00:00:00:09
setup midoctl neighbour add net0 fd00::9 mac 02:00:00:00:00:09

in_vm vm1 ping -c 1 -W 1 10.0.0.9 > /dev/null
check_eq "ARP is answered" \
	"$(in_vm vm1 ip -j neigh show 10.0.0.9 | jq -r '.[0].lladdr')" 02:00:00:00:00:09
in_vm vm1 ping -c 1 -W 1 fd00::9 > /dev/null
check_eq "a neighbour solicitation is answered" \
	"$(in_vm vm1 ip -j neigh show fd00::9 | jq -r '.[0].lladdr')" 02:00:00:00:00:09

in_vm vm1 ip neigh flush dev eth0
check "the request is not flooded" deaf vm2 08060001 \
	in_vm vm1 ping -c 1 -W 1 10.0.0.9
check "a request for somebody else is" hears vm2 0a000008 \
	in_vm vm1 ping -c 1 -W 1 10.0.0.8
check "so is a gratuitous one" hears vm2 0a000001 \
	in_vm vm1 arping -U -c 1 -I eth0 10.0.0.1
check "so is a probe (sender 0.0.0.0)" hears vm2 0a000009 \
	in_vm vm1 arping -D -c 1 -w 1 -I eth0 10.0.0.9

setup midoctl bridge set net0 arp-suppress false
check "without arp-suppress everything floods" hears vm2 0a000009 \
	in_vm vm1 arping -c 1 -w 1 -I eth0 10.0.0.9
setup midoctl bridge set net0 arp-suppress true
setup midoctl neighbour del net0 10.0.0.9
check "without the neighbour it floods" hears vm2 0a000009 \
	in_vm vm1 arping -c 1 -w 1 -I eth0 10.0.0.9
