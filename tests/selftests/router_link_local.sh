#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1 -- net1 -- r1 -- ext
#
# Next hops by their link-local addresses, in both directions, as router
# advertisements have it.
. "$(dirname "$0")/lib.sh"
need jq

vm vm1 fd00:1::2/64
vm ext
ll() { in_vm "$1" ip -6 -j addr show dev eth0 scope link | jq -r '[.[].addr_info[]?.local][0]'; }
setup midoctl batch - <<-E
	bridge add net1
	router add r1
	port add net1:vm1 dev vm1
	port add net1:r
	port add r1:n1 mac 02:00:00:00:01:01 addresses fd00:1::1/64 peer net1:r
	port add r1:ext mac 02:00:00:00:09:01 addresses fd00:9::1/64 dev ext
	route add r1 dst fd00:130::/64 port ext gateway $(ll ext)
	route add r1 dst fd00:131::/64 port ext gateway fe80::131
E
setup ip -n "$(ns vm1)" -6 route add default via fe80::ff:fe00:101 dev eth0
setup ip -n "$(ns ext)" -6 route add default via fe80::ff:fe00:901 dev eth0
setup ip -n "$(ns ext)" addr add fd00:130::2/128 dev lo
mac=$(mac_of ext)
probe <<-E
	ext serve 7
	6 vm1 udp fd00:130::2 7 | echo @0-2 | the first packet arrives
	wait
	6 vm1 tcp fd00:130::2 7 bytes=100000 | open | TCP
	6 vm1 raw to=02:00:00:00:01:01 src=1.2 dst=fd00:130::77 macs | ext ttl 63 02:00:00:00:09:01 to $mac | a gateway is not the destination
	6 vm1 udp fd00:131::2 7 | 3/1 1.1 @2-7 | one that is not there
	6 vm1 raw to=02:00:00:00:01:01 src=1.2 dst=fe80::131 | nothing | what goes to a link-local address stays on its link
	wait
E
check_eq "it is a neighbour of the port" \
	"$(json ".[] | select(.address == \"$(ll ext)\") | .mac + \" \" + .state + \" \" + .origin" neighbour list r1:ext)" \
	"$mac reachable learned"
counted martian 1 neighbour 1
