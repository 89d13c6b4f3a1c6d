#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1 -- net1 -- r1 -- net2 -- vm2
#	vm3 ----'
#
# No port has more connections than allowed: unanswered ones give way, then it is
# refused, and others do not notice. A connection that three devices track is one.
. "$(dirname "$0")/lib.sh"
need jq

vm vm1 10.0.1.2/24 fd00:1::2/64
vm vm3 10.0.1.4/24 fd00:1::4/64
vm vm2 10.0.2.2/24 fd00:2::2/64
topology <<-E
	bridge add net1
	bridge add net2
	router add r1
	port add net1:vm1 dev vm1
	port add net1:vm3 dev vm3
	port add net2:vm2 dev vm2
	port add net1:r
	port add net2:r
	port add r1:n1 mac 02:00:00:00:01:01 addresses 1.1/24 peer net1:r
	port add r1:n2 mac 02:00:00:00:02:01 addresses 2.1/24 peer net2:r
	neighbour add r1:n1 1.71 mac $(mac_of vm1)
	neighbour add r1:n1 1.73 mac $(mac_of vm3)
	neighbour add r1:n2 2.72 mac $(mac_of vm2)
	chain add c
	rule add c state invalid drop
	bridge set net1 in-chain c
	router set r1 in-chain c
	bridge set net2 out-chain c
E
lasting
gateway vm1 10.0.1.1 fd00:1::1
gateway vm2 10.0.2.1 fd00:2::1
gateway vm3 10.0.1.1 fd00:1::1
r1=02:00:00:00:01:01
r2=02:00:00:00:02:01
setup sysctl -qw net.midonet.conns_per_port=20

probe <<-E
	4 vm1 packet udp to=$r1 src=1.71 dst=2.72 n=20 step=sport | 20 arrived* | as many as allowed
	wait
E
check_eq "three devices each" "$(json .count conn count)" 60
check_eq "know them" "$(json '[.[].device] | unique | join(" ")' conn list)" "net1 net2 r1"
probe <<-E
	4 vm1 packet udp to=$r1 src=1.71 dst=2.72 sport=1 n=100 step=sport | 100 arrived* | unanswered ones give way to others
	wait
	vm3 packet udp to=$r1 src=1.73 dst=2.72 | vm2 * | another port has its own
E
# What one packet made in several devices goes one after the other.
check "and there are no more than allowed" test "$(json .count conn count)" -le 72
setup midoctl conn flush
check_eq "flush" "$(json .count conn count)" 0

probe <<-E
	4 vm1 packet udp to=$r1 src=1.71 dst=2.72 sport=100 n=20 step=sport | 20 arrived* | again
	wait
	4 vm2 packet udp to=$r2 src=2.72 dst=1.71 sport=7 dport=100 n=20 step=dport | 20 arrived* | they are answered
	wait
	4 vm1 packet udp to=$r1 src=1.71 dst=2.72 sport=200 n=5 step=sport | 0 arrived* | no room for more
	wait
	4 vm1 packet udp to=$r1 src=1.71 dst=2.72 sport=100 n=20 step=sport | 20 arrived* | those that are there go on
	wait
	4 vm3 packet udp to=$r1 src=1.73 dst=2.72 sport=100 n=20 step=sport | 20 arrived* | and another port
	wait
E
counted conn-full 5
check_eq "the drops name the port" "$(json '[.[] | select(.reason == "conn-full") | .port] | unique | join(" ")' drops)" net1:vm1
said=$(subsystem connections)
check "status: $said" grep -qE \
	"^warning: 120 of 1048576 .*, 60 unanswered, 0 translated; [1-9][0-9]{2} gave way; dropped: 5 conn-full, 0 nat-exhausted$" <<< "$said"

# conns_max is for all, and does not make one pay for another.
setup sysctl -qw net.midonet.conns_max=120
probe <<-E
	4 vm2 packet udp to=$r2 src=2.72 dst=1.73 sport=7 dport=1000 n=5 step=dport | 0 arrived* | a full table takes no more
	wait
	4 vm1 packet udp to=$r1 src=1.71 dst=2.72 sport=100 n=20 step=sport | 20 arrived* | answered ones are there
	wait
	4 vm3 packet udp to=$r1 src=1.73 dst=2.72 sport=300 n=5 step=sport | 5 arrived* | who has unanswered ones replaces them
	wait
E
setup sysctl -qw net.midonet.conns_max=1048576 net.midonet.conns_per_port=131072

# What is removed takes its connections along.
setup midoctl conn flush
probe <<-E
	vm2 serve 7
	vm1 udp 2.2 7 | echo | three devices
	vm3 udp 2.2 7 | echo | and another sender
E
check_eq "rows" "$(json .count conn count)" 12
setup midoctl bridge set net2 out-chain none
setup midoctl port del net1:vm3
gone() { [ "$(json .count conn count)" = "$1" ]; }
check "those opened at a port go with it" wait_for 5 gone 6
setup midoctl router del r1
check "those of a device go with it" wait_for 5 gone 4
check_eq "others stay" "$(json '[.[].device] | unique | join(" ")' conn list)" "net1 net2"
setup midoctl flush
check "flush of the topology" wait_for 5 gone 0
