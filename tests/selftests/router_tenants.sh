#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	a1 -- a-net1 -- a-r1 -- a-core -- a-r2 -- a-net2 -- a2
#	b1 -- b-net1 -- b-r1 -- b-core -- b-r2 -- b-net2 -- b2
#
# Two tenants with the same addresses, the same MACs and the same names of ports,
# each behind routers of their own.
. "$(dirname "$0")/lib.sh"
need jq ping traceroute

for t in a b; do
	vm ${t}1 10.0.1.2/24 fd00:1::2/64
	vm ${t}2 10.0.2.2/24 fd00:2::2/64
	setup ip -n "$(ns ${t}1)" link set eth0 address 02:00:00:00:00:01
	setup ip -n "$(ns ${t}2)" link set eth0 address 02:00:00:00:00:02
	topology <<-E
		bridge add $t-net1
		bridge add $t-net2
		router add $t-r1
		router add $t-core
		router add $t-r2
		port add $t-net1:vm dev ${t}1
		port add $t-net2:vm dev ${t}2
		port add $t-net1:r
		port add $t-net2:r
		port add $t-r1:net mac 02:00:00:00:01:01 addresses 1.1/24 peer $t-net1:r
		port add $t-r2:net mac 02:00:00:00:02:01 addresses 2.1/24 peer $t-net2:r
		port add $t-core:r1 addresses 8.1/24
		port add $t-core:r2 addresses 9.1/24
		port add $t-r1:core addresses 8.2/24 peer $t-core:r1
		port add $t-r2:core addresses 9.2/24 peer $t-core:r2
		route add $t-core dst 1.0/24 port r1 gateway 8.2
		route add $t-core dst 2.0/24 port r2 gateway 9.2
		route add $t-r1 dst 2.0/24 port core gateway 8.1
		route add $t-r2 dst 1.0/24 port core gateway 9.1
	E
	gateway ${t}1 10.0.1.1 fd00:1::1
	gateway ${t}2 10.0.2.1 fd00:2::1
done

check "ping within the first tenant" can_ping a1 10.0.2.2
check "and the second, IPv6" can_ping b1 fd00:2::2
mac=02:00:00:00:01:01
probe <<-E
	a2 serve 7
	a1 raw to=$mac src=1.2 dst=2.2 | a2 ttl 61 | three routers on the way
	b1 raw to=$mac src=1.2 dst=2.2 | b2 ttl 61 | the other tenant's packet goes to the other
	a1 raw to=$mac src=1.2 dst=2.2 n=20 | 20 arrived in order, 0 told | nothing is seen twice
	a1 udp 2.2 7 | echo | a service of the first tenant
	b1 udp 2.2 7 | 3/3 2.2 | is none of the second
	a1 udp 2.2 7 ttl=2 | 11/0 8.1 | the router in the middle
	a1 udp 2.2 7 ttl=3 | 11/0 9.2 | the last router speaks by the port the packet came by
	a1 tcp 2.2 7 bytes=300000 | open | TCP
	a1 ping 8.1 | pong 8.1 | the router in the middle answers
E
for dst in 10.0.2.2 fd00:2::2; do
	[ $dst = 10.0.2.2 ] && hops="10.0.1.1 10.0.8.1 10.0.9.2 $dst" ||
		hops="fd00:1::1 fd00:8::1 fd00:9::2 $dst"
	for t in a b; do
		check_eq "traceroute of tenant $t to $dst" "$(in_vm ${t}1 \
			traceroute -n -q 1 -N 1 -w 2 $dst |
			awk 'NR > 1 {printf s $2; s = " "}')" "$hops"
	done
done

setup midoctl router del a-core
probe <<-E
	b2 serve 7
	a1 udp 2.2 7 | 3/0 1.1 | one tenant without its core
	b1 udp 2.2 7 | echo | does not matter to the other
E
