#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1 -- net1 -- r1 -- ext (hostile)
#	vm2 -- net2 ----'
#
# Storms at one port of a router: limits hold, tables stay bounded, and others do
# not notice.
. "$(dirname "$0")/lib.sh"
need jq

vm vm1 10.0.1.2/24 fd00:1::2/64
vm vm2 10.0.2.2/24 fd00:2::2/64
vm ext 10.9.0.2/16 fd00:9::2/64
setup ip link set vm2 mtu 1400
topology <<-E
	bridge add net1
	bridge add net2
	router add r1
	port add net1:vm1 dev vm1
	port add net2:vm2 dev vm2
	port add net1:r
	port add net2:r
	port add r1:n1 mac 02:00:00:00:01:01 addresses 1.1/24 peer net1:r
	port add r1:n2 mac 02:00:00:00:02:01 addresses 2.1/24 peer net2:r
	port add r1:ext mac 02:00:00:00:09:01 addresses 10.9.0.1/16,fd00:9::1/64 dev ext
E
gateway vm1 10.0.1.1 fd00:1::1
gateway vm2 10.0.2.1 fd00:2::1
gateway ext 10.9.0.1 fd00:9::1
r9=02:00:00:00:09:01
setup sysctl -qw net.midonet.neighbours_per_port=64 net.midonet.icmp_rate=20
ext=$(mac_of ext)

probe <<-E
	vm2 serve 7
	ext serve 7
	4 vm1 udp 10.9.0.2 7 | echo | the guest at the hostile port
	6 vm1 udp fd00:9::2 7 | echo | the guest at the hostile port
	wait
	# a flood of requests with changing senders
	4 ext who 10.9.0.1 from=10.9.1.0 n=400 wait=1
	6 ext who fd00:9::1 from=fd00:9::1000 n=400 wait=1
	vm1 tcp 2.2 7 bytes=100000 | open @0-5 | another port does not notice
	wait
	# a flood of answers nobody asked for
	4 ext claim 10.9.1.0 mac=02:00:00:00:00:66 to=$r9 target=10.9.0.1 n=400
	6 ext claim fd00:9::5000 mac=02:00:00:00:00:66 to=$r9 target=fd00:9::1 n=400
	# a claim to be a neighbour of another port
	ext claim 2.2 mac=$ext to=$r9 target=2.1
	# and of a third
	ext claim 1.2 mac=$ext to=$r9 target=1.1
	vm1 tcp 2.2 7 bytes=100000 | open @0-5 | another port does not notice
	wait
	sleep 1
	4 ext raw to=$r9 src=9.2 dst=2.2 ttl=1 n=400 told wait=1 | 5..150 | a storm of packets whose TTL ends
	wait
	6 ext raw to=$r9 src=9.2 dst=2.2 ttl=1 n=400 told wait=1 | 5..150 | a storm of packets whose TTL ends
	vm1 udp 2.2 7 ttl=1 | 11/0 1.1 | the rate is one of the port
	wait
	4 ext raw to=$r9 src=9.2 dst=2.2 size=1450 df n=400 told wait=1 | 5..150 | a storm of packets too big
	wait
	6 ext raw to=$r9 src=9.2 dst=2.2 size=1450 df n=400 told wait=1 | 5..150 | a storm of packets too big
	vm1 ping 2.2 size=1450 df | 3/4 1.1 mtu 1400 | the rate is one of the port
	wait
	4 ext raw to=$r9 src=9.2 dst=77.2 n=400 told wait=1 | 5..150 | a storm of packets without a route
	wait
	6 ext raw to=$r9 src=9.2 dst=77.2 n=400 told wait=1 | 5..150 | a storm of packets without a route
	vm1 tcp 2.2 7 bytes=100000 | open @0-5 | another port does not notice
	wait
	4 ext raw to=$r9 src=9.2 dst=10.9.200.1 n=200 told wait=1 | 0..150 | to next hops that are not there
	vm1 raw to=02:00:00:00:01:01 src=1.2 dst=2.99 n=400 told wait=1 | 0..150 | hundreds wait for one that is not there
	vm1 tcp 2.2 7 bytes=100000 | open @0-5 | the others of the same port do not
	wait
	4 vm1 udp 10.9.0.2 7 | echo | the guest at the hostile port is where it was
	6 vm1 udp fd00:9::2 7 | echo | the guest at the hostile port is where it was
	vm1 udp 2.2 7 | echo | and so is the other
E
counted neighbour-unasked 800 ttl 800 mtu 800 no-route 800 park-full 700

list=$(midoctl -j neighbour list)
check "no port has more neighbours than allowed" test "$(jq '[.[] |
	select(.origin == "learned")] | group_by(.port) | map(length) | max' <<< "$list")" -le 64
check_eq "no forged answer is in the table" \
	"$(jq '[.[] | select(.mac == "02:00:00:00:00:66")] | length' <<< "$list")" 0
check_eq "nobody is where he is not" "$(jq --arg m "$ext" '[.[] | select(.mac == $m and
	.port != "r1:ext")] | length' <<< "$list")" 0
