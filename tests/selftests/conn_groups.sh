#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1, vm2, vm3 -- net0, a1 -- a -- a2, b1 -- b -- b2
#
# Security groups: what a VM begins is answered, what others begin is asked about.
# Tenants may have the same addresses: connections are those of a device.
. "$(dirname "$0")/lib.sh"
need jq

vm vm1 10.0.1.2/24 fd00:1::2/64
vm vm2 10.0.1.3/24 fd00:1::3/64
vm vm3 10.0.1.4/24 fd00:1::4/64
vm a1 10.0.5.2/24 fd00:5::2/64
vm a2 10.0.5.3/24 fd00:5::3/64
vm b1 10.0.5.2/24 fd00:5::2/64
vm b2 10.0.5.3/24 fd00:5::3/64
topology <<-E
	chain add sg-out
	rule add sg-out state established,related,untracked accept
	rule add sg-out state new accept
	rule add sg-out drop
	chain add sg-in
	rule add sg-in state established,related,untracked accept
	rule add sg-in proto tcp dst-port 7,10007 accept
	rule add sg-in drop
	bridge add net0
	port add net0:vm1 dev vm1 in-chain sg-out out-chain sg-in
	port add net0:vm2 dev vm2 in-chain sg-out out-chain sg-in
	port add net0:vm3 dev vm3
	bridge add a
	bridge add b
	chain add one-way
	port add a:a1 dev a1
	port add a:a2 dev a2
	port add b:b1 dev b1
	port add b:b2 dev b2
	rule add one-way state established,untracked accept
	rule add one-way in-port a:a1,b:b2 accept
	rule add one-way drop
	bridge set a out-chain one-way
	bridge set b out-chain one-way
E
lasting

probe <<-E
	vm1 serve 7
	vm2 serve 7
	vm3 serve 7
	vm3 tcp 1.2 7 bytes=100000 | open @0-3 | what is allowed
	vm3 udp 1.2 7 | nothing | UDP is not
	vm3 tcp 1.2 9 | nothing | nor another port
	vm3 ping 1.2 | nothing | nor ping
	vm1 tcp 1.4 7 bytes=100000 | open | what it begins is answered
	vm1 udp 1.4 7 | echo | UDP
	vm1 udp 1.4 7 size=4000 | echo | in fragments
	vm1 ping 1.4 | pong 1.4 | ping
	vm1 tcp 1.4 9 | refused | a RST
	vm1 udp 1.4 9 | 3/3 1.4 | an error about it
	vm1 tcp 1.3 7 bytes=100000 | open | both have groups
	vm1 udp 1.3 7 | nothing | both are asked
	wait
	vm3 packet udp to=vm1 src=1.4 dst=1.2 sport=7 dport=4000 | nothing | an answer to nothing
	vm3 packet error to=vm1 src=1.4 dst=1.2 error=3/3 about=udp qsrc=1.2 qdst=1.4 qsport=4000 qdport=7 | nothing | an error about nothing
	vm3 packet tcp to=vm1 src=1.4 dst=1.2 sport=7 dport=4000 flags=SA | nothing | SYN ACK out of nowhere
	wait
	vm3 talk A 1.2 7 | heard* | somebody talks to a VM
	wait
	do midoctl rule del sg-in pos 2
	vm3 talk A | heard* | the rule that let it begin has gone, the group lets it go on
	vm3 tcp 1.2 7 wait=2 | nothing | others cannot begin
	wait
	do midoctl rule add sg-in pos 1 proto tcp drop
	vm3 talk A wait=1.5 | nothing | a rule before holds at once
	wait
	do midoctl rule del sg-in pos 1
	# the same addresses
	a2 serve 7
	b1 serve 7
	a1 serve 7
	b2 serve 7
	a1 udp 5.3 7 sport=4000 seen | echo, 5.2 4000 > 5.3 7 | in one bridge one of them may begin
	a2 udp 5.2 7 sport=4000 | nothing | and the other not
	b2 udp 5.2 7 sport=4000 seen | echo, 5.3 4000 > 5.2 7 | in another bridge it is the other
	b1 udp 5.3 7 sport=4000 | nothing | and the one not
	wait
	a2 tcp 5.2 7 wait=2 | nothing | TCP neither
	a1 tcp 5.3 7 | open | in one
	b1 tcp 5.3 7 wait=2 | nothing | nor in
	b2 tcp 5.2 7 | open | the other
E
for d in a b; do
	check "connections of $d are its own" test "$(json .count conn count device $d)" -ge 4
done
check_eq "by who began them" "$(json '[.[] | select(.proto == "udp") | .device + " " + .src] | unique | map(select(test("10.0.5"))) | join(" ")' conn list)" \
	"a 10.0.5.2 b 10.0.5.3"
