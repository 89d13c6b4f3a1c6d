#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1, vm2 -- net1 -- r1 -- ext
#
# A service that is reached by its outside address from inside, and what a station
# says to itself.
. "$(dirname "$0")/lib.sh"
need jq

vm vm1 10.0.1.2/24 fd00:1::2/64
vm vm2 10.0.1.3/24 fd00:1::3/64
vm ext 10.0.9.2/24 fd00:9::2/64
topology <<-E
	bridge add net1
	router add r1
	port add net1:vm1 dev vm1
	port add net1:vm2 dev vm2
	port add net1:r
	port add r1:n1 mac 02:00:00:00:01:01 addresses 1.1/24 peer net1:r
	port add r1:ext mac 02:00:00:00:09:01 addresses 9.1/24,9.50/32,9.60/32 dev ext
	neighbour add r1:n1 1.71 mac $(mac_of vm1)
	neighbour add r1:n1 1.72 mac $(mac_of vm2)
	chain add in
	chain add out
	rule add in dst 9.50 proto tcp,udp dst-port 80 dnat target 1.2:7
	rule add in dst 9.50 proto udp dst-port 81 dnat target 1.72:7
	rule add in dst 9.50 proto icmp,icmpv6 dnat target 1.2:7
	rule add in dst 9.60 proto udp dst-port 80 dnat target 1.2:7
	rule add out out-port r1:n1 proto udp src-port 66 snat target 1.99:1024-65535
	router set r1 in-chain in out-chain out
E
lasting
gateway vm1 10.0.1.1 fd00:1::1
gateway vm2 10.0.1.1 fd00:1::1
gateway ext 10.0.9.1 fd00:9::1
r1=02:00:00:00:01:01

probe <<-E
	vm1 serve 7
	vm2 udp 9.50 80 seen | echo, 1.1 * > 1.2 7 @0-2 | from the same subnet: the router's source, so that answers come here
	wait
	vm2 tcp 9.50 80 bytes=200000 seen | open, 1.1 * > 1.2 7 | TCP
	vm2 udp 9.50 80 size=4000 | echo | fragments
	vm2 ping 9.50 | pong 9.50 | ping
	vm1 udp 9.50 80 seen | echo, 1.1 * > 1.2 7 | to oneself
	vm1 tcp 9.50 80 bytes=200000 seen | open, 1.1 * > 1.2 7 | to oneself by TCP
	ext udp 9.50 80 seen | echo, 9.2 * > 1.2 7 | from outside the source stays
	vm2 udp 1.2 7 seen | echo, 1.3 * > 1.2 7 | what does not cross the router stays
	vm2 udp 9.50 82 | 3/3 1.1 | no service there
	wait
	vm1 packet udp to=$r1 src=1.71 dst=9.50 sport=3000 dport=81 | vm2 udp 1.1 3000 > 1.72 7 | the source port stays
	wait
	vm2 packet udp to=$r1 src=1.72 dst=1.1 sport=7 dport=3000 | vm1 udp 9.50 81 > 1.71 3000 | the answer
	vm2 packet error to=$r1 src=1.72 dst=1.1 error=3/3 about=udp qsrc=1.1 qdst=1.72 qsport=3000 qdport=7 | vm1 3/3 9.50 > 1.71 about udp 1.71 3000 > 9.50 81 | an error
	vm2 packet udp to=$r1 src=1.72 dst=9.50 sport=3000 dport=81 | vm2 udp 1.1 * > 1.72 7 | another one gets another port
	vm1 packet udp to=$r1 src=1.71 dst=9.50 sport=66 dport=81 | vm2 udp 1.99 * > 1.72 7 | a rule that translates the source is heard
	wait
	# two names of one service, the same source
	ext udp 9.50 80 sport=5555 seen | echo, 9.2 5555 > 1.2 7 | a source by one way
	wait
	ext udp 9.60 80 sport=5555 seen | echo, 9.2 * > 1.2 7 | and by another: told apart
	wait
	ext udp 9.50 80 sport=5555 seen | echo, 9.2 5555 > 1.2 7 | both work
	wait
	ext udp 9.60 80 sport=5555 seen | echo, 9.2 * > 1.2 7 | at once
E
