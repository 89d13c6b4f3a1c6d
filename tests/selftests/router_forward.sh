#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1 -- net1 -- r1 -- r2 -- net3 -- vm3
#	ext ------------'|
#	vm2 -- net2 ----'
#
# A router forwards, first packet included, and what it does not forward it says.
. "$(dirname "$0")/lib.sh"
need jq iperf3 traceroute

vm vm1 10.0.1.2/24 fd00:1::2/64
vm vm2 10.0.2.2/24 fd00:2::2/64
vm vm3 10.0.3.2/24 fd00:3::2/64
vm ext 10.0.9.2/24 fd00:9::2/64
setup midoctl batch - <<-E
	bridge add net1
	bridge add net2
	bridge add net3
	router add r1
	router add r2
	port add net1:vm1 dev vm1
	port add net2:vm2 dev vm2
	port add net3:vm3 dev vm3
	port add r1:n1 mac 02:00:00:00:01:01 addresses 10.0.1.1/24,fd00:1::1/64
	port add r1:n2 mac 02:00:00:00:02:01 addresses 10.0.2.1/24,fd00:2::1/64
	port add r1:ext mac 02:00:00:00:09:01 addresses 10.0.9.1/24,fd00:9::1/64 dev ext
	port add r1:r2 addresses 10.0.12.1/24,fd00:12::1/64
	port add r2:r1 addresses 10.0.12.2/24,fd00:12::2/64 peer r1:r2
	port add r2:n3 mac 02:00:00:00:03:01 addresses 10.0.3.1/24,fd00:3::1/64
	port add net1:r peer r1:n1
	port add net2:r peer r1:n2
	port add net3:r peer r2:n3
	route add r1 dst 10.0.3.0/24 port r2 gateway 10.0.12.2
	route add r1 dst fd00:3::/64 port r2 gateway fd00:12::2
	route add r1 dst 10.0.88.0/24 port r2 gateway 10.0.12.2
	route add r1 dst fd00:88::/64 port r2 gateway fd00:12::2
	route add r2 dst 0.0.0.0/0 port r1 gateway 10.0.12.1
	route add r2 dst ::/0 port r1 gateway fd00:12::1
	route add r1 dst 10.0.66.0/24 type blackhole
	route add r1 dst fd00:66::/64 type blackhole
	route add r1 dst 10.0.67.0/24 type reject
	route add r1 dst fd00:67::/64 type reject
E
gateway vm1 10.0.1.1 fd00:1::1
gateway vm2 10.0.2.1 fd00:2::1
gateway vm3 10.0.3.1 fd00:3::1
gateway ext 10.0.9.1 fd00:9::1
r1=02:00:00:00:01:01
r9=02:00:00:00:09:01

probe <<-E
	vm2 serve 7
	vm3 serve 7
	vm1 udp 2.2 7 | echo @0-2 | the first packet through a router arrives, with no MAC known
	wait
	vm1 udp 3.2 7 | echo @0-2 | so does the first through two routers
	ext udp 2.2 7 | echo @0-2 | and the first from a device on a router
	wait
	vm1 tcp 3.2 7 bytes=300000 | open | TCP
	vm1 udp 3.2 7 size=4000 | echo | fragments
	ext raw to=$r9 src=9.2 dst=2.2 macs | vm2 ttl 63 02:00:00:00:02:01 to $(mac_of vm2) | one hop older, from the egress port's MAC to the next hop's
	vm1 raw to=$r1 src=1.2 dst=3.2 | vm3 ttl 62 | two routers, two hops
	vm1 raw to=$r1 src=1.2 dst=3.2 ttl=3 | vm3 ttl 1 | the last hop but one
	vm1 raw to=$r1 src=1.2 dst=3.2 ttl=2 | 11/0 12.2 | the TTL ends at the second router
	vm1 raw to=$r1 src=1.2 dst=3.2 ttl=1 | 11/0 1.1 | the TTL ends at the first router
	ext raw to=$r9 src=9.2 dst=3.2 ttl=1 | 11/0 9.1 | also from a device
	vm1 raw to=$r1 src=1.2 dst=3.2 ttl=1 icmp=3/3 | nothing | no error about an error
	vm1 raw to=$r1 src=1.2 dst=3.2 ttl=1 later | nothing | none about later fragments
	vm1 raw to=$r1 src=1.2 dst=3.2 ttl=1 first | 11/0 1.1 | but about first ones
	vm1 raw to=$r1 src=1.2 dst=88.1 ttl=64 | nothing | a loop of routers ends after sixteen devices
	vm1 raw to=$r1 src=1.2 dst=88.1 ttl=6 | 11/0 * | or with the TTL
	vm1 udp 77.1 7 | 3/0 1.1 @0-2 | no route
	vm1 udp 66.1 7 | nothing | a black hole is silent
	vm1 udp 67.1 7 | 3/13 1.1 @0-2 | a route of type reject
	vm1 udp 2.99 7 | 3/1 1.1 @2-7 | a next hop that is not there
	ext raw to=$r9 src=9.2 dst=2.2 vlan=5 | nothing | a tagged frame does not enter a router
	ext raw to=$r9 src=9.2 dst=2.2 vlan=0 | vm2 ttl 63 | a tag of VLAN 0 is no tag
	vm1 raw to=$r1 src=1.2 dst=2.2 vlan=5 | nothing | nor by a bridge
	ext raw to=$r9 src=9.2 dst=2.2 type=0x88b5 | nothing | what is neither IP nor ARP does not
	ext raw to=02:00:00:00:09:77 src=9.2 dst=2.2 | nothing | a frame for another MAC does not
	ext raw to=ff:ff:ff:ff:ff:ff src=9.2 dst=2.2 | nothing | a broadcast to a unicast address does not
	vm1 raw to=ff:ff:ff:ff:ff:ff src=1.2 dst=2.2 | nothing | nor by a bridge
	4 ext raw to=01:00:5e:01:01:01 src=9.2 dst=239.1.1.1 | nothing | nor does multicast
	6 ext raw to=33:33:00:00:00:77 src=9.2 dst=ff0e::77 | nothing | nor does multicast
	4 ext raw to=$r9 src=9.2 dst=127.0.0.1 | nothing | nobody routes loopback
	6 ext raw to=$r9 src=9.2 dst=::1 | nothing | nobody routes loopback
	4 ext raw to=$r9 src=224.0.0.5 dst=2.2 | nothing | nobody routes what comes from a group
	6 ext raw to=$r9 src=ff02::5 dst=2.2 | nothing | nobody routes what comes from a group
	6 ext raw to=$r9 src=fe80::5 dst=2.2 | nothing | nobody routes what comes from a link-local address
E
counted vlan 2 hop-limit 2 not-ip 4 not-for-router 2 ttl 11 no-route 2 blackhole 2 reject 2 neighbour 2 martian 5

for dst in 10.0.3.2 fd00:3::2; do
	[ $dst = 10.0.3.2 ] && hops="10.0.1.1 10.0.12.2 $dst" || hops="fd00:1::1 fd00:12::2 $dst"
	check_eq "traceroute to $dst" "$(in_vm vm1 traceroute -n -q 1 -N 1 -w 2 $dst |
		awk 'NR > 1 {printf s $2; s = " "}')" "$hops"
done

# TCP stays in large segments
rx() { in_vm vm3 cat /sys/class/net/eth0/statistics/rx_{packets,bytes} | xargs; }
for dst in 10.0.3.2 fd00:3::2; do
	in_vm vm3 iperf3 -s -1 -D > /dev/null
	sleep 0.5
	read -ra before <<< "$(rx)"
	check "a TCP transfer to $dst" in_vm vm1 iperf3 -c $dst -t 1
	read -ra after <<< "$(rx)"
	mean=$(((after[1] - before[1]) / (after[0] - before[0] + 1)))
	check "segments arrive whole (mean $mean bytes)" test $mean -gt 2000
done

probe <<-E
	vm2 serve 7
	do midoctl port set r1:n2 admin-up false
	vm1 udp 2.2 7 | 3/0 1.1 @0-2 | routes through a port that is down are not there
	wait
	do midoctl port set r1:n2 admin-up true
	vm1 udp 2.2 7 | echo @0-2 | and back
	wait
	do midoctl port set r1:ext admin-up false
	ext raw to=$r9 src=9.2 dst=2.2 | 3/13 9.1 | into a router port that is down
	wait
	do midoctl port set r1:ext admin-up true
	do midoctl router set r1 admin-up false
	vm1 udp 3.2 7 | 3/13 1.1 @0-2 | into a router that is down
	vm3 udp 1.2 7 | 3/13 12.1 @0-2 | into one that is down behind another
	wait
	do midoctl router set r1 admin-up true
	vm1 udp 2.2 7 | echo @0-2 | and up again
E
counted router-down 4 port-down 2
