#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1, vm2 -- net1 -- r1 -- ext
#
# How many packets may wait for next hops: of a port, and altogether; what waits is no
# flow and no connection.
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
	port add r1:ext addresses 9.1/24 dev ext
	chain add sg
	rule add sg state invalid drop
	bridge set net1 in-chain sg
	router set r1 in-chain sg
E
r1=02:00:00:00:01:01
waited=0
over() { [ "$(dropped neighbour)" -ge $waited ]; }
# waiting LIMIT NET WANTED: of 8 packets from each of two ports, by each family, to next
# hops that nobody has, so many find no room
waiting() {
	local before
	setup sysctl -qw "net.midonet.$1"
	before=$(dropped park-full)
	probe <<-E
		vm1 packet udp to=$r1 src=1.2 dst=9.$2 n=8 step=dst | 0 arrived, * | $1
		vm2 packet udp to=$r1 src=1.3 dst=9.$2 n=8 step=dst | 0 arrived, * | from another port
		wait
	E
	check_eq "so many find no room" "$(($(dropped park-full) - before))" "$3"
	waited=$((waited + 32 - $3))
	check "the others wait until it is known that nobody is there" wait_for 15 over
}
waiting parked_per_port=4 100 24
setup sysctl -qw net.midonet.parked_per_port=64
waiting parked_max=4 120 28
check_eq "what waited began no connection" "$(json .count conn count)" 0
