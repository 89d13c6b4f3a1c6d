#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	           .-- u1
#	vm1 -- net1 -- r1 -- u2
#	           '-- far
#
# ROUTES (100 000) routes of one router in one commit, a quarter of them IPv6: they
# take no more memory than they may, packets take the right ones, and one route more
# has the flows under it walked again, no others. What a look-up takes is P8R of the
# benchmarks.
. "$(dirname "$0")/../lib.sh"
need jq

n=${ROUTES:-100000}
vm vm1 10.0.1.2/24 fd00:1::2/64
for i in 1 2; do
	vm u$i 10.0.2$i.2/24 fd00:2$i::2/64
	gateway u$i 10.0.2$i.1 fd00:2$i::1
done
r1=02:00:00:00:01:01
topology <<-E
	bridge add net1
	router add r1
	port add net1:vm1 dev vm1
	port add net1:r
	port add r1:n1 mac $r1 addresses 1.1/24 peer net1:r
	port add r1:u1 addresses 21.1/24 dev u1
	port add r1:u2 addresses 22.1/24 dev u2
	port add r1:far
E
gateway vm1 10.0.1.1 fd00:1::1
nets=$(seq 101 108)

# id OBJECT NAME
id() { json ".[] | select(.name == \"$2\") | .id" "$1" list; }
# kernel memory in use, in bytes
used() { awk '/^(Slab|VmallocUsed):/ { sum += $2 } END { print sum * 1024 }' /proc/meminfo; }
before=$(used)
# small: each takes no more than 192 bytes
small() { each=$((($(used) - before) / n)) && [ $each -le 192 ]; }
check "$n routes in one transaction" \
	"$bin/commit" routes "$(id router r1)" "$(id port r1:far)" "$n"
# What the transaction was made of is freed a little later.
wait_for 20 small
check "bytes of a route: $each" small
topology < <(for net in $nets; do
	echo "route add r1 dst $net.0/24 port u1 gateway 21.2"
done)

# to NET OUTCOME [n=N]: a probe to 10.0.NET.1 and one to fd00:NET::1
to() { echo "vm1 raw to=$r1 src=1.2 dst=$1.1 ${3-} | $2 | to $1.1, $2"; }
# packets NET: packets of the flows to it, as their entries know
packets() {
	jq -r "[.[] | select(.key.dst | tostring | test(\"^(10.0.|fd00:)$1[.:]\")) | .packets] |
		sort | join(\" \")" <<< "$flows"
}
# untouched: how many of the nets but $last have flows that were not walked again
untouched() {
	local net count=0
	for net in $nets; do
		[ "$net" = "$last" ] || [ "$(packets "$net")" != "6 6" ] || count=$((count + 1))
	done
	echo $count
}
# one_more NET: a table of probes: flows to all nets, a route in one of them, and once more
one_more() {
	for net in $nets; do
		to "$net" "5 arrived in order, 0 told" n=5
		echo wait
	done
	echo "do midoctl route add r1 dst $1.1/32 port u2 gateway 22.2"
	to "$1" "u2 ttl 63"
	for net in $nets; do
		[ "$net" = "$1" ] || to "$net" "u[12] ttl 63"
		echo wait
	done
}
# new_route NET: true if that had flows of other nets left alone
new_route() {
	last=$1
	setup midoctl flow flush
	probe < <(one_more "$1")
	flows=$(midoctl -j flow list)
	check_eq "the flow under it was walked again" "$(packets "$1")" "1 1"
	[ "$(untouched)" -ge 6 ]
}
# try N NET: the same once more, with other MACs: version counters are hashed, and
# two may be one by chance
try() {
	echo "# others left alone: $(untouched)"
	r1=02:00:00:00:01:1$1
	setup midoctl port set r1:n1 mac $r1
	setup in_vm vm1 ip link set eth0 address 02:00:00:00:11:1$1
	probe <<< "vm1 raw to=$r1 src=1.2 dst=108.1 | u1 ttl 63 | another MAC"
	new_route "$2"
}
probe <<-E
	vm1 raw to=$r1 src=1.2 dst=101.1 | u1 ttl 63 | one of so many
	vm1 raw to=$r1 src=1.2 dst=22.2 | u2 ttl 63 | a connected one
	vm1 raw to=$r1 src=1.2 dst=99.1 | 3/0 1.1 | none
E
new_route 101 || try 1 102 || try 2 103
check "the others were not ($(untouched) of 7)" test "$(untouched)" -ge 6
check "they go as they came" midoctl router del r1
