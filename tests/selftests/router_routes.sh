#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	           .-- u1
#	vm1 -- net1 -- r1 -- u2
#	vm4 ----'  '-- u3
#
# Which route a packet takes: prefixes, sources, metrics, equal routes, ports that
# come and go, and what a new route does to flows.
. "$(dirname "$0")/lib.sh"
need jq

vm vm1 10.0.1.2/24 fd00:1::2/64
vm vm4 10.0.1.4/24 fd00:1::4/64
for i in 1 2 3; do
	vm u$i 10.0.2$i.2/24 10.0.100.1/32 fd00:2$i::2/64 fd00:100::1/128
	gateway u$i 10.0.2$i.1 fd00:2$i::1
done
# build MAC: of r1's port at net1
build() {
	topology <<-E
		bridge add net1
		router add r1
		port add net1:vm1 dev vm1
		port add net1:vm4 dev vm4
		port add net1:r
		port add r1:n1 mac $1 addresses 1.1/24 peer net1:r
		port add r1:u1 addresses 21.1/24 dev u1
		port add r1:u2 addresses 22.1/24 dev u2
		port add r1:u3 addresses 23.1/24 dev u3
		route add r1 dst 101.0/24 port u1 gateway 21.2
		route add r1 dst 101.1/32 port u2 gateway 22.2
		route add r1 dst 102.0/24 port u1 gateway 21.2
		route add r1 dst 102.0/24 port u2 gateway 22.2 src 1.2/32
		route add r1 dst 103.0/24 port u3 gateway 23.2
		route add r1 dst 103.1/32 port u2 gateway 22.2 src 1.9/32
		route add r1 dst 104.0/24 port u1 gateway 21.2 metric 10
		route add r1 dst 104.0/24 port u2 gateway 22.2 metric 5
		route add r1 dst 104.0/24 port u3 gateway 23.2 metric 20
		route add r1 dst 105.0/24 port u1 gateway 21.2
		route add r1 dst 106.0/24 port u1 gateway 21.2
		route add r1 dst 100.0/24 port u1 gateway 21.2
		route add r1 dst 100.0/24 port u2 gateway 22.2
		route add r1 dst 100.0/24 port u3 gateway 23.2
	E
}
build 02:00:00:00:01:01
gateway vm1 10.0.1.1 fd00:1::1
gateway vm4 10.0.1.1 fd00:1::1
r1=02:00:00:00:01:01

probe <<-E
	vm1 raw to=$r1 src=1.2 dst=101.9 | u1 ttl 63 | the route of the prefix
	vm1 raw to=$r1 src=1.2 dst=101.1 | u2 ttl 63 | the longest prefix wins
	vm1 raw to=$r1 src=1.2 dst=102.1 | u2 ttl 63 | of its routes the one for the source
	vm4 raw to=$r1 src=1.4 dst=102.1 | u1 ttl 63 | another source goes another way
	vm1 raw to=$r1 src=1.2 dst=103.1 | u3 ttl 63 | none for the source: the next shorter prefix
	vm1 raw to=$r1 src=1.9 dst=103.1 | u2 ttl 63 | with the source the longer one
	vm1 raw to=$r1 src=1.2 dst=104.1 | u2 ttl 63 | the lowest metric wins
	vm1 raw to=$r1 src=1.2 dst=21.2 | u1 ttl 63 | connected
	vm1 ping 23.1 | pong 23.1 | local
	wait
	do midoctl port set r1:u2 admin-up false
	vm1 raw to=$r1 src=1.2 dst=104.1 | u1 ttl 63 | a port goes down: the next metric
	vm1 raw to=$r1 src=1.2 dst=101.1 | u1 ttl 63 | and the next shorter prefix
	vm1 raw to=$r1 src=1.2 dst=102.1 | u1 ttl 63 | and the route for all sources
	vm1 raw to=$r1 src=1.2 dst=22.2 | 3/0 1.1 | its connected route is gone
	vm1 ping 22.1 | 3/0 1.1 | so is its local one
	wait
	do midoctl port set r1:u2 admin-up true
	vm1 raw to=$r1 src=1.2 dst=104.1 | u2 ttl 63 | and back
	vm1 raw to=$r1 src=1.2 dst=22.2 | u2 ttl 63 | with all its routes
	wait
	do ip link set u2 down
	sleep 0.3
	vm1 raw to=$r1 src=1.2 dst=104.1 | u1 ttl 63 | a device that is down is the same
	wait
	do ip link set u2 up
	sleep 0.3
	vm1 raw to=$r1 src=1.2 dst=104.1 | u2 ttl 63 | it is back
	wait
	do midoctl port set r1:u1 addresses +31.1/24
	vm1 ping 31.1 | pong 31.1 | a new address has its routes
	vm1 udp 31.9 9 | 3/1 1.1 @2-7 | also the connected one
	wait
	do midoctl port set r1:u1 addresses -31.1/24
	vm1 ping 31.1 | 3/0 1.1 | and takes them along
E

# Equal routes: all are used, a flow stays on its own
# ways: "source-port port" of every flow to 100.1, by version
ways() {
	midoctl -j flow list | jq -r '.[] | select(.key.dst == "10.0.100.1" or
		.key.dst == "fd00:100::1") | "\(.key.dst) \(.key["src-port"]) \(.actions |
		join(",") | match("r1:u.").string)"' | sort
}
# spread N: N datagrams with N source ports, and their answers
spread() {
	probe <<-E
		u1 serve 7
		u2 serve 7
		u3 serve 7
		vm1 udp 100.1 7 n=$1 sport=20000 | $1 echo | $2
	E
}

spread 48 "48 flows to a destination with three equal routes"
ways > "$scratch/before"
check_eq "each has its way" "$(wc -l < "$scratch/before")" 96
for port in u1 u2 u3; do
	check "$port carries some of them" test "$(grep -c $port "$scratch/before")" -ge 10
done
setup midoctl flow flush
spread 48 "the same flows once more"
ways > "$scratch/again"
check "go the same ways" cmp "$scratch/before" "$scratch/again"
topology <<-E
	route del r1 dst 100.0/24 port u2
E
spread 48 "one way gone"
ways > "$scratch/after"
check_eq "nothing goes there" "$(grep -c u2 "$scratch/after")" 0
check_eq "those of the other ways stay" \
	"$(grep -v u2 "$scratch/before" | comm -23 - "$scratch/after" | wc -l)" 0

# A new route concerns the flows under it alone. Version counters are hashed, those
# of MACs with a secret: two may be one by chance, but not again and again.
# packets NET: packets of the flows of vm1 to it, as their entries know
packets() {
	jq -r "[.[] | select(.key.dst | tostring | test(\"^(10.0.|fd00:)$1[.:]\")) | .packets] |
		sort | join(\" \")" <<< "$flows"
}
# new_route: one beside two flows, under which one of them is
new_route() {
	probe <<-E
		vm1 raw to=$r1 src=1.2 dst=105.1 n=5 | 5 arrived in order, 0 told | a flow
		vm1 raw to=$r1 src=1.2 dst=106.1 n=5 | 5 arrived in order, 0 told | another
		wait
		do midoctl route add r1 dst 105.1/32 port u3 gateway 23.2
		vm1 raw to=$r1 src=1.2 dst=105.1 | u3 ttl 63 | a longer prefix appears
		vm1 raw to=$r1 src=1.2 dst=106.1 | u1 ttl 63 | the other flow carries on
	E
	flows=$(midoctl -j flow list)
	check_eq "flows under the new route were walked again" "$(packets 105)" "1 1"
	[ "$(packets 106)" = "6 6" ]
}
# try N: the same once more, with other MACs
try() {
	echo "# flows to 106.1 had $(packets 106) packets"
	r1=02:00:00:00:01:1$1
	setup midoctl flush
	setup in_vm vm1 ip link set eth0 address 02:00:00:00:11:1$1
	build "$r1"
	probe <<-E
		vm1 raw to=$r1 src=1.2 dst=101.9 | u1 ttl 63 | built again
		vm1 raw to=$r1 src=1.2 dst=103.1 | u3 ttl 63 | all of it
	E
	new_route
}
new_route || try 1 || try 2
check_eq "the others were not" "$(packets 106)" "6 6"

list=$(midoctl -j route list r1)
# routes DST: "type port gateway origin" of the routes with it
routes() { jq -r ".[] | select(.dst == \"$1\") | \"\(.type) \(.port) \(.gateway) \(.origin)\"" <<< "$list"; }
check_eq "connected routes are listed" "$(routes 10.0.21.0/24)" "port r1:u1 null connected"
check_eq "IPv6" "$(routes fd00:21::/64)" "port r1:u1 null connected"
check_eq "local ones" "$(routes 10.0.21.1 | cut -d' ' -f1,4)" "local connected"
check_eq "IPv6" "$(routes fd00:21::1 | cut -d' ' -f1,4)" "local connected"
check_eq "static ones" "$(routes 10.0.106.0/24)" "port r1:u1 10.0.21.2 static"
check_eq "IPv6" "$(routes fd00:106::/64)" "port r1:u1 fd00:21::2 static"
