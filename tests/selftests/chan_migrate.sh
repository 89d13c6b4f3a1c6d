#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A VM moves from one host to another while it talks by TCP, its source translated:
# the new host learns of the move first, or the old one does, or is dead.
#
#	vm1 - h1 -.
#	  `-- h2 -+- underlay - h3 - w
. "$(dirname "$0")/lib.sh"
. "$tools/lib_overlay.sh"
. "$tools/lib_chan.sh"
need jq python3

under 3
guest h1 vm1 10.0.0.2/24
guest h3 w 198.51.100.1/24
setup ip -n "$(ns h2)" -batch - <<-E
	link add vm1 type veth peer name eth1 netns $(ns vm1)
	link set vm1 up
E
gateway vm1 10.0.0.1
mac=$(mac_of vm1)
everywhere h1 h2 h3 <<-E
	host add h1
	host add h2
	host add h3
	$(zone tz 4 3)
	bridge add net0
	port add net0:vm1 host h1 dev vm1 tunnel-key 101
	port add net0:r
	router add r0
	port add r0:net0 mac 02:00:00:00:01:01 addresses 10.0.0.1/24 peer net0:r
	port add r0:up mac 02:00:00:00:02:01 addresses 198.51.100.2/24,198.51.100.9/32 host h3 dev w tunnel-key 103
	chain add out
	rule add out out-port r0:up src 10.0.0.0/24 snat target 198.51.100.9:1024-65535
	router set r0 out-chain out
	neighbour add r0:net0 10.0.0.2 mac $mac
	neighbour add r0:up 198.51.100.1 mac $(mac_of w)
E
check "the hosts have found each other" wait_for 10 all_told h1 h2 h3
serving w 7
background in_vm vm1 "$tools/chan_tcp.py" talk 198.51.100.1 7 "$scratch/said"
check "vm1 talks" wait_for 10 test -s "$scratch/said"

# plug ETH OTHER: the VM is at this NIC now
plug() {
	setup ip -n "$(ns vm1)" -batch - <<-E
		link set $2 down
		addr flush dev $2
		link set $1 down
		link set $1 address $mac
		link set $1 up
		addr add 10.0.0.2/24 dev $1
		route add default via 10.0.0.1
	E
}

# goes_on: it has said more than before
goes_on() {
	[ "$(cat "$scratch/said")" -gt $((was + 3)) ]
}

# has_conn HYPERVISOR: the connection is there, established
has_conn() {
	on "$1" conn list | grep -q established
}

# move TO HOST...: the port is bound to TO, the hosts learn of it in this order
move() {
	local to=$1 h
	shift
	for h; do
		setup on $h port set net0:vm1 host "$to"
	done
}

check "h2 does not know the connection" eval '! has_conn h2'
# the new host first: it asks the old one
move h2 h2
check "h2 gets it when the port is its" wait_for 5 has_conn h2
move h2 h1 h3
plug eth1 eth0
was=$(cat "$scratch/said")
check "new host first: vm1 goes on" wait_for 15 goes_on

# the old host first: it says what it knows
setup on h1 conn flush
check "h1 has forgotten it" eval '! has_conn h1'
move h1 h2
check "h1 is told before it knows that the port is its" wait_for 5 has_conn h1
move h1 h3 h1
plug eth0 eth1
was=$(cat "$scratch/said")
check "old host first: vm1 goes on" wait_for 15 goes_on

# the old host is dead: h3 knows what it was told
setup on h2 conn flush
check "h2 has forgotten it" eval '! has_conn h2'
setup ip link set u1 down
move h2 h2 h3
check "h2 gets it from h3" wait_for 5 has_conn h2
plug eth1 eth0
was=$(cat "$scratch/said")
check "old host dead: vm1 goes on" wait_for 15 goes_on
check_eq "it is one connection all the time" "$(on h3 conn count)" 1
