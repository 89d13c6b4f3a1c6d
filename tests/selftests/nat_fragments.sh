#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1, vm2 -- net1 -- r1 -- ext (MTU 1400)
#
# Fragments of translated packets: translated like their first, in any order, and
# never mixed up with those of another sender.
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
	neighbour add r1:ext 9.77 mac $(mac_of ext)
	neighbour add r1:n1 1.71 mac $(mac_of vm1)
	neighbour add r1:n1 1.72 mac $(mac_of vm2)
	neighbour add r1:n1 1.73 mac $(mac_of vm1)
	chain add in
	chain add out
	rule add in dst 9.50 proto udp dst-port 80 dnat target 1.71:7
	rule add in dst 9.60 dnat target 1.73
	rule add out src 1.73 snat target 9.60
	rule add out proto udp dst-port 13 drop
	rule add out out-port r1:ext src 1.0/24 snat target 9.50:2000-2099
	router set r1 in-chain in out-chain out
E
lasting
gateway vm1 10.0.1.1 fd00:1::1
gateway vm2 10.0.1.1 fd00:1::1
gateway ext 10.0.9.1 fd00:9::1
r1=02:00:00:00:01:01
r9=02:00:00:00:09:01

# out and in: in five parts
probe < <(sed "s/^\(\s*\)\([46] \)\?out /\1\2vm1 packet to=$r1 src=1.71 dst=9.77 size=1000 cut=200 /
	s/^\(\s*\)\([46] \)\?out2 /\1\2vm2 packet to=$r1 src=1.72 dst=9.77 size=1000 cut=200 /
	s/^\(\s*\)\([46] \)\?back /\1\2ext packet to=$r9 src=9.77 dst=9.50 size=1000 cut=200 /" <<-E
	ext serve 7
	vm1 udp 9.2 7 size=4000 seen | echo, 9.50 20?? > 9.2 7 @0-3 | a real stack's, there and back
	vm2 udp 9.2 7 size=9000 seen | echo, 9.50 20?? > 9.2 7 | and another's
	vm1 ping 9.2 size=4000 | pong 9.2 | an echo
	out udp sport=1 ident=20 | ext udp 9.50 20?? > 9.77 7 5 fragments | in order
	wait
	out udp sport=1 ident=21 only=5,4,3,2,1 | ext udp 9.50 20?? > 9.77 7 5 fragments | the first comes last
	wait
	out udp sport=1 ident=22 only=3,1,2,5,4 | ext udp 9.50 20?? > 9.77 7 5 fragments | and in the middle
	wait
	out tcp flags=S sport=2 ident=23 only=2,1,3,4,5 | ext tcp 9.50 20?? > 9.77 7 S 5 fragments | TCP
	wait
	out echo id=9 ident=24 only=2,1,3,4,5 | ext echo 9.50 > 9.77 id 20?? 5 fragments | an echo
	wait
	4 out udp sport=1 csum=0 ident=25 only=2,1,3,4,5 | ext udp * 5 fragments | UDP without a checksum
	back udp sport=1 dport=80 ident=26 | vm1 udp 9.77 1 > 1.71 7 5 fragments | a translated destination
	wait
	out udp sport=7 dport=1 ident=27 only=4,1,2,5,3 | ext udp 9.50 80 > 9.77 1 5 fragments | and its answer
	wait
	out udp sport=3 dport=13 ident=28 | nothing | the first is dropped, and those that follow
	out udp sport=4 ident=29 only=2,3 wait=2.5 | nothing | without their first they have no port, and no translation
	wait
	vm1 packet udp to=$r1 src=1.73 dst=9.77 size=1000 cut=200 ident=30 only=5,1,2,4,3 | ext udp 9.60 5000 > 9.77 7 5 fragments | static translation
	wait
	ext packet udp to=$r9 src=9.77 dst=9.60 size=1000 cut=200 ident=31 only=5,4 wait=2.5 | 2 fragments at vm1 | needs no first
	wait
	# the same id from two senders
	out udp sport=5 ident=7 ident | ext udp 9.50 * 5 fragments ident 7 | an id stays
	wait
	out2 udp sport=5 ident=7 ident | ext udp 9.50 * 5 fragments ident ??* | unless another sender's has it
	wait
	out2 udp sport=5 ident=8 ident | ext udp 9.50 * 5 fragments ident 8 | the next is another one
	wait
	out udp sport=5 ident=8 only=5,4,3,2,1 ident | ext udp 9.50 * 5 fragments ident ??* | whatever comes first
	wait
	out udp sport=5 ident=7 ident | ext udp 9.50 * 5 fragments ident 7 | who had it keeps it
	wait
	vm1 packet udp to=$r1 src=1.73 dst=9.77 size=1000 cut=200 ident=7 ident | ext udp 9.60 * 5 fragments ident 7 | another address may have the same
E
)

# What is cut by the router has ids of its own.
setup ip link set ext mtu 1400
setup in_vm ext ip link set eth0 mtu 1400
probe <<-E
	ext serve 7
	4 vm1 udp 9.2 7 size=1500 seen | echo, 9.50 20?? > 9.2 7 | cut behind the translation
	4 vm2 udp 9.2 7 size=1500 seen | echo, 9.50 20?? > 9.2 7 | both
	4 vm1 ping 9.2 size=1500 | pong 9.2 | an echo
	wait
	4 vm1 packet udp to=$r1 src=1.71 dst=9.77 size=1450 sport=5 ident=9 | ext udp 9.50 * 2 fragments | by hand
	vm1 ping 9.2 size=1500 df | 3/4 1.1 mtu 1400 | who may not be cut is told
	vm1 tcp 9.2 7 bytes=300000 seen | open, 9.50 * > 9.2 7 | TCP finds out
E
