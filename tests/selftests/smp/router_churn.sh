#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1 -- net1 -- r0 -- net2 -- vm2
#
# Routes, links, MACs and devices of a router come and go under load on two CPUs.
# The kernel log is the judge; in the end traffic must flow, the first packet
# included.
. "$(dirname "$0")/../lib.sh"
need jq

seconds=${ROUTER_SECONDS:-20}
vm vm1 10.0.1.1/24 fd00:1::1/64
vm vm2 10.0.0.2/24 fd00:2::2/64
in_vm vm1 ip route add default via 10.0.1.254
in_vm vm1 ip route add default via fd00:1::254
in_vm vm2 ip route add default via 10.0.0.254
in_vm vm2 ip route add default via fd00:2::254
topology() {
	midoctl batch - <<-E
		bridge add net1
		bridge add net2
		port add net1:vm dev vm1
		port add net2:vm dev vm2
		port add net1:up
		port add net2:up
		router add r0
		port add r0:a mac 02:00:00:00:00:fe addresses 10.0.1.254/24,fd00:1::254/64 peer net1:up
		port add r0:b addresses 10.0.0.254/24,fd00:2::254/64 peer net2:up
	E
}
setup topology

# A transaction each: what adds, then what takes away.
routes() {
	for word in add del; do
		for n in 1 2 3 4 5 6 7 8; do
			echo "route $word r0 dst 10.0.0.$((n * 8))/29 port b gateway 10.0.0.$n"
			echo "route $word r0 dst fd00:2::$n:0/112 port b"
			echo "route $word r0 dst 10.0.0.2 port b gateway 10.0.0.$((n + 2))"
		done | midoctl batch -
	done
}
links() {
	midoctl unlink r0:b
	midoctl link r0:b net2:up
	midoctl port set r0:b mac 02:00:00:00:00:f0 mtu 1300
	midoctl port set r0:b mac none mtu none addresses +10.0.0.253
	midoctl port set r0:b addresses -10.0.0.253
}
moving() {
	in_vm vm2 ip link set eth0 address 02:00:00:00:02:01
	in_vm vm2 ip link set eth0 address 02:00:00:00:02:02
	ip link set vm2 mtu 1400
	ip link set vm2 down
	ip link set vm2 up mtu 1500
}
readers() {
	midoctl -j route list r0
	midoctl -j neighbour list
	midoctl -j flow list
	midoctl -j trace net1:vm src 10.0.1.1 dst 10.0.0.2 proto udp dst-port 9
}
until_end() { while [ -e "$scratch/storm" ]; do "$@"; done; }
background() { "$@" > /dev/null 2>&1 & jobs="$jobs $!"; }

jobs=
: > "$scratch/storm"
background in_vm vm1 "$bin/frame" blast eth0 02:00:00:00:00:fe 600
background in_vm vm1 ping -f -s 2000 10.0.0.2
background in_vm vm1 ping -i 0.01 fd00:2::2
traffic=$jobs
for job in routes links moving readers; do
	background until_end $job
done
sleep "$seconds"
# What goes round ends with its round; what sends is ended.
rm "$scratch/storm"
# shellcheck disable=SC2086 # a list
kill $traffic 2> /dev/null
ip netns pids "$(ns vm1)" | xargs -r kill
wait
check "packets were routed meanwhile" test \
	"$(json '[.[] | select(.name == "net2:vm") | .["tx-packets"]] | add' stats port)" -ge 100
setup midoctl flush
setup topology
check "IPv4 flows after the storm" can_ping vm1 10.0.0.2
check "and IPv6" can_ping vm1 fd00:2::2
