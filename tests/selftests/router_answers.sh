#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1 -- net1 -- r1 -- r2 (no routes)
#	ext ------------'|
#	vm2 -- net2 ----'	(the same net1 with VLAN 5 leads to r1:v5)
#
# What is sent to the addresses of a router itself, and in whose name it speaks.
. "$(dirname "$0")/lib.sh"
need jq ping nc

vm vm1 10.0.1.2/24 fd00:1::2/64
vm vm2 10.0.2.2/24 fd00:2::2/64
vm ext 10.0.9.2/24 fd00:9::2/64
setup midoctl batch - <<-E
	bridge add net1
	bridge add net2
	router add r1
	router add r2
	chain add drop-all
	rule add drop-all ethertype ip,ipv6 drop
	port add net1:vm1 dev vm1
	port add net2:vm2 dev vm2
	port add r1:n1 mac 02:00:00:00:01:01 addresses 10.0.1.1/24,10.0.4.1/24,fd00:1::1/64,fd00:4::1/64
	port add r1:n2 addresses 10.0.2.1/24,fd00:2::1/64
	port add r1:ext mac 02:00:00:00:09:01 addresses 10.0.9.1/24,10.0.9.7/32,fd00:9::1/64,fd00:9::7/128 dev ext
	port add r1:r2 addresses 10.0.12.1/24,fd00:12::1/64
	port add r2:r1 addresses 10.0.12.2/24,fd00:12::2/64 peer r1:r2
	port add net1:r peer r1:n1
	port add net2:r peer r1:n2
	port add r1:v5 mac 02:00:00:00:05:01 addresses 10.0.5.1/24,fd00:5::1/64
	port add net1:v5 vlan 5 peer r1:v5
	route add r1 dst 10.0.50.0/24 port r2 gateway 10.0.12.2
	route add r1 dst fd00:50::/64 port r2 gateway fd00:12::2
	route add r1 dst 10.0.51.0/24 type local
	route add r1 dst fd00:51::/64 type local
E
gateway vm1 10.0.1.1 fd00:1::1
gateway vm2 10.0.2.1 fd00:2::1
gateway ext 10.0.9.1 fd00:9::1
r1=02:00:00:00:01:01

check "ping, IPv4" can_ping vm1 10.0.1.1
check "ping, IPv6" can_ping vm1 fd00:1::1
check "ping the link-local address of a port" \
	in_vm vm1 ping -q -c 2 -i 0.1 -W 2 fe80::ff:fe00:101%eth0
check "a large ping, IPv4" in_vm vm1 ping -q -c 2 -i 0.1 -W 2 -s 1400 10.0.1.1
check "a large ping, IPv6" in_vm vm1 ping -q -c 2 -i 0.1 -W 2 -s 1400 fd00:1::1
probe <<-E
	vm1 ping 1.1 | pong 1.1 | the near address
	vm1 ping 4.1 | pong 4.1 | a second subnet of the same port
	vm1 ping 2.1 | pong 2.1 | the address of another port
	vm1 ping 9.1 | pong 9.1 | the address of a port with a device
	vm1 ping 12.1 | pong 12.1 | the near end of a link
	vm1 ping 12.2 | pong 12.2 | the far end, of a router that has no route back
	vm1 ping 51.1 | pong 51.1 | an address of a local route
	vm1 ping 5.1 | pong 5.1 | through a VLAN
	ext ping 9.1 | pong 9.1 | from a device
	vm2 ping 1.1 | pong 1.1 | from another bridge
	wait
	vm1 ping 1.1 ttl=1 | pong 1.1 | TTL 1 is enough for the router itself
	vm1 ping 9.1 ttl=1 | pong 9.1 | whichever of its addresses it is
	vm1 ping 12.2 ttl=1 | 11/0 1.1 | the far end of a link is one hop away
	vm1 udp 1.1 9 | 3/3 1.1 @0-2 | UDP: port unreachable
	vm1 udp 9.1 9 | 3/3 1.1 @0-2 | said by the near address
	vm1 udp 51.1 9 | 3/3 1.1 @0-2 | also by a local route
	vm1 tcp 1.1 80 | refused @0-2 | TCP: reset at once
	vm1 tcp 9.1 80 | refused @0-2 | whichever of its addresses it is
	vm1 proto 1.1 253 | 3/2 1.1 @0-2 | another protocol
	vm1 udp 50.1 9 | 3/0 12.2 @0-2 | the second router speaks to the original sender
	wait
	vm1 raw to=$r1 src=4.2 dst=77.1 | 3/0 4.1 | an error comes from the address in the sender's subnet
	vm1 raw to=02:00:00:00:05:01 vlan=5 src=5.2 dst=77.1 | 3/0 5.1 vlan 5 | an error goes back with the tag the packet came with
	vm1 raw to=$r1 src=6.2 dst=77.1 | 3/0 1.1 | else from the first of the port
E
check_eq "none of this is cached" "$(json '[.[] | select(.key.dst | tostring |
	test("^(10.0.(1|2|9|51)|fd00:(1|2|9|51):):?.[17]$"))] | length' flow list)" 0
check "nc is refused at once" \
	sh -c "timeout 3 ip netns exec $(ns vm1) nc -w 9 10.0.2.1 22; [ \$? = 1 ]"
setup midoctl batch - <<-E
	port set net1:vm1 out-chain drop-all
	port set r1:n1 out-chain drop-all
	router set r1 out-chain drop-all
E
probe <<-E
	vm1 ping 2.1 | pong 2.1 | answers cross no out-chain
	vm1 udp 77.1 9 | 3/0 1.1 | errors cross none
	vm1 tcp 2.1 80 | refused | resets cross none
E
counted no-service 10 no-route 6
