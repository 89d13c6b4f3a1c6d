#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1, vm2 -- net1 -- r1 -- ext
#
# Static translation: floating addresses, whole prefixes, and what connections
# make of them.
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
	port add r1:ext mac 02:00:00:00:09:01 addresses 9.1/24,9.60/32,9.61/32,9.62/32,9.63/32 dev ext
	neighbour add r1:ext 9.77 mac $(mac_of ext)
	neighbour add r1:n1 1.77 mac $(mac_of vm1)
	neighbour add r1:n1 1.78 mac $(mac_of vm1)
	chain add in
	chain add out
	rule add in dst 9.60 dnat target 1.2
	rule add in dst 9.61 dnat target 1.3
	rule add in dst 9.62 dnat target 1.77 then continue
	rule add in dst 1.77 proto udp dst-port 13 drop
	rule add out src 1.2 out-port r1:ext snat target 9.60
	rule add out src 1.77 out-port r1:ext snat target 9.62
	rule add out src 1.78 out-port r1:ext snat target 9.63 then continue
	rule add out src 10.0.61.64/26 snat target 10.0.62.64-10.0.62.127
	rule add out src fd00:61::/64 snat target fd00:62::-fd00:62::ffff:ffff:ffff:ffff
	rule add out src 9.63 proto udp dst-port 13 drop
	router set r1 in-chain in out-chain out
E
lasting
gateway vm1 10.0.1.1 fd00:1::1
gateway vm2 10.0.1.1 fd00:1::1
gateway ext 10.0.9.1 fd00:9::1
r1=02:00:00:00:01:01
r9=02:00:00:00:09:01

probe <<-E
	vm1 serve 7
	vm2 serve 7
	ext serve 7
	ext udp 9.60 7 sport=4000 seen | echo, 9.2 4000 > 1.2 7 @0-2 | to a floating address
	wait
	vm1 udp 9.2 7 sport=5000 seen | echo, 9.60 5000 > 9.2 7 | and from it
	ext tcp 9.60 7 bytes=100000 seen | open, 9.2 * > 1.2 7 | TCP there
	vm1 tcp 9.2 7 bytes=100000 seen | open, 9.60 * > 9.2 7 | and TCP from there
	ext ping 9.60 size=4000 | pong 9.60 | ping in fragments
	vm1 ping 9.2 size=4000 | pong 9.2 | and back
	ext udp 9.60 7 size=4000 | echo | UDP in fragments
	ext udp 9.61 7 seen | echo of 1.3, 9.2 * > 1.3 7 | no inverse is implied: its rule is not there
	ext udp 9.60 9 | 3/3 9.60 | an ICMP error from there, with what it is about
	vm1 udp 9.2 9 | 3/3 9.2 | an ICMP error to there
	wait
	ext packet 47 to=$r9 src=9.77 dst=9.62 | vm1 47 9.77 > 1.77 | any protocol
	ext packet sctp to=$r9 src=9.77 dst=9.62 | vm1 sctp 9.77 5000 > 1.77 7 | SCTP
	ext packet echo to=$r9 src=9.77 dst=9.62 id=3 | vm1 echo 9.77 > 1.77 id 3 | an echo request
	ext packet reply to=$r9 src=9.77 dst=9.62 id=3 | vm1 reply 9.77 > 1.77 id 3 | an answer nobody asked for
	ext packet tcp to=$r9 src=9.77 dst=9.62 flags=AP | vm1 tcp 9.77 5000 > 1.77 7 AP | TCP in the middle: no connection is needed
	vm1 packet tcp to=$r1 src=1.77 dst=9.77 flags=AP | ext tcp 9.62 5000 > 9.77 7 AP | and back
	ext packet udp to=$r9 src=9.77 dst=9.62 dport=13 | nothing | then continue: the next rules see the new destination
	vm1 packet udp to=$r1 src=1.78 dst=9.77 dport=13 | nothing | and the new source
	vm1 packet udp to=$r1 src=1.78 dst=9.77 dport=14 | ext udp 9.63 5000 > 9.77 14 | or let it pass
	vm1 packet udp to=$r1 src=61.77 dst=9.77 | ext udp 62.77 5000 > 9.77 7 | a prefix, by offset
	vm1 packet udp to=$r1 src=61.127 dst=9.77 | ext udp 62.127 5000 > 9.77 7 | another address of it
	4 vm1 packet udp to=$r1 src=61.63 dst=9.77 | ext udp 61.63 5000 > 9.77 7 | one that is not in it
	4 ext packet udp to=$r9 src=9.77 dst=9.62 csum=0 | vm1 udp * | UDP without a checksum
	ext packet udp to=$r9 src=9.77 dst=9.62 size=1000 cut=200 only=3,2,1,5,4 | vm1 udp 9.77 5000 > 1.77 7 5 fragments | fragments in any order
E
check_eq "static rules make no connections" "$(json .count conn count)" 0

setup midoctl rule add in pos 1 state invalid drop
probe <<-E
	vm2 serve 7
	vm1 serve 7
	ext udp 9.61 7 seen | echo, 9.2 * > 1.3 7 | a connection undoes static steps
	ext udp 9.60 7 seen | echo, 9.2 * > 1.2 7 | whether rules do or not
	vm1 udp 9.2 9 | 3/3 9.2 | errors find back
	ext udp 9.61 9 | 3/3 9.61 | to either side
E
check "which is recorded" test "$(json .count conn count)" -ge 8
