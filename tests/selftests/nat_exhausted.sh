#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1, vm2 -- net1 -- r1 -- ext
#
# When every address and port of a target is taken: what is dropped says which
# rule it was, others go on, and what ends gives its port back.
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
	port add r1:ext mac 02:00:00:00:09:01 addresses 9.1/24,9.50/32,9.51/32,9.52/32 dev ext
	neighbour add r1:ext 9.77 mac $(mac_of ext)
	neighbour add r1:ext 9.78 mac $(mac_of ext)
	neighbour add r1:n1 1.71 mac $(mac_of vm1)
	neighbour add r1:n1 1.72 mac $(mac_of vm2)
	chain add snat
	rule add snat src 1.71 snat target 9.50:2000-2099
	rule add snat src 1.72 dst 9.78 snat target 9.51-9.52:2000-2004
	rule add snat src 1.72 snat target 9.50:2000-2099
	router set r1 out-chain snat
E
lasting
r1=02:00:00:00:01:01
r9=02:00:00:00:09:01

probe <<-E
	vm1 packet udp to=$r1 src=1.71 dst=9.77 sport=1 n=100 step=sport | 100 arrived, 0 told | as many as there are ports
	wait
	vm1 packet udp to=$r1 src=1.71 dst=9.77 sport=201 n=20 step=sport | 0 arrived, 0 told | and no more
	wait
	vm2 packet udp to=$r1 src=1.72 dst=9.77 sport=201 | nothing | nor for another sender
	wait
	vm1 packet udp to=$r1 src=1.71 dst=9.77 sport=1 n=100 step=sport | 100 arrived, 0 told | those that have one go on
	wait
	vm1 packet udp to=$r1 src=1.71 dst=9.78 sport=1 n=100 step=sport | 100 arrived, 0 told | another destination has all of them
	wait
	vm1 packet tcp to=$r1 src=1.71 dst=9.77 sport=1 n=100 step=sport | 100 arrived, 0 told | and so has another protocol
	wait
	vm1 packet echo to=$r1 src=1.71 dst=9.77 id=1 n=101 step=id | 100 arrived, 0 told | ids of echoes are as many
	wait
	vm2 packet udp to=$r1 src=1.72 dst=9.78 sport=1 n=11 step=sport | 10 arrived, 0 told | every port of every address of a target
	wait
E
counted nat-exhausted 44
check "the drops name the rule" test "$(json '[.[] | select(.reason == "nat-exhausted") | .rule] |
	unique | length' drops)" -ge 2
check_eq "and the router" "$(json '[.[] | select(.reason == "nat-exhausted") | .device] |
	unique | join(" ")' drops)" r1
said=$(subsystem connections)
check "status: $said" grep -qE \
	"^warning: ([0-9]+) of .* \1 unanswered, \1 translated; 0 gave way; dropped: 0 conn-full, [4-9][0-9] nat-exhausted" <<< "$said"

# what a trace says of it
t=$(midoctl -j trace net1:vm1 hw-dst $r1 src 10.0.1.71 dst 10.0.9.77 proto udp src-port 999 dst-port 7)
check_eq "a trace says so" "$(jq -r '.verdict + " " + .reason' <<< "$t")" "drop nat-exhausted"
check_eq "and by which rule" "$(jq -r '[.steps[] | select(.what == "drop") | .rule] | unique | join(" ")' <<< "$t")" snat:1

# what ends gives its port back
setup midoctl conn flush src 10.0.1.71 src-port 7 proto udp dst 10.0.9.77
setup midoctl conn flush src fd00:1::71 src-port 7 proto udp dst fd00:9::77
probe <<-E
	vm1 packet udp to=$r1 src=1.71 dst=9.77 sport=901 | ext udp 9.50 20?? > 9.77 7 | a connection that went leaves its port
	wait
	vm1 packet udp to=$r1 src=1.71 dst=9.77 sport=902 | nothing | to one
E
setup sysctl -qw net.midonet.timeout_udp=1 net.midonet.flow_idle=1
gone() { [ "$(json .count conn count proto udp)" = 0 ]; }
check "they end" wait_for 20 gone
probe <<-E
	vm1 packet udp to=$r1 src=1.71 dst=9.77 sport=1001 n=100 step=sport | 100 arrived, 0 told | and all ports are free
	wait
E
