#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1 -- net1 -- r1 -- u1
#	             |  '--- u2
#	             r2 (behind r1)
#
# Every packet counts for the route it takes, once, whether it leaves a flow or not.
. "$(dirname "$0")/lib.sh"
need jq

vm vm1 10.0.1.2/24 fd00:1::2/64
for i in 1 2; do
	vm u$i 10.0.2$i.2/24 fd00:2$i::2/64
	gateway u$i 10.0.2$i.1 fd00:2$i::1
done
topology <<-E
	bridge add net1
	router add r1
	router add r2
	port add net1:vm1 dev vm1
	port add net1:r
	port add r1:n1 mac 02:00:00:00:01:01 addresses 1.1/24 peer net1:r
	port add r1:u1 addresses 21.1/24 dev u1
	port add r1:u2 addresses 22.1/24 dev u2
	port add r1:r2 addresses 12.1/24
	port add r2:r1 addresses 12.2/24 peer r1:r2
	route add r1 dst 101.0/24 port u1 gateway 21.2
	route add r1 dst 101.0/24 port u2 gateway 22.2 metric 7
	route add r1 dst 101.0/24 port u2 gateway 22.2 src 1.77/32
	route add r1 dst 102.0/24 type blackhole
	route add r1 dst 103.0/24 type reject
	route add r1 dst 104.0/24 type local
	route add r1 dst 105.0/24 port r2 gateway 12.2
	route add r2 dst 105.0/24 type blackhole
E
gateway vm1 10.0.1.1 fd00:1::1
r1=02:00:00:00:01:01

# is NAME4 NAME6 PACKETS DESCRIPTION: so many packets are counted for both routes
is() {
	local name
	for name in "$1" ${2:+"$2"}; do
		check_eq "$4: $name" "$(jq -r --arg name "$name" \
			'.[] | select(.type == "route" and .name == $name) | .packets' <<< "$stats")" "$3"
	done
}
read_stats() { stats=$(midoctl -j stats route); }

read_stats
is "r1:10.0.101.0/24 gateway 10.0.21.2 port u1" "r1:fd00:101::/64 gateway fd00:21::2 port u1" 0 \
	"nothing yet"
probe <<-E
	vm1 raw to=$r1 src=1.2 dst=101.9 n=5 | 5 arrived in order, 0 told | the first waits for the gateway, others hit a flow
	vm1 raw to=$r1 src=1.77 dst=101.9 n=3 | 3 arrived in order, 0 told | by the route of their source
	vm1 raw to=$r1 src=1.2 dst=101.9 ttl=1 n=4 | 0 arrived*, 4 told | they end here
	vm1 raw to=$r1 src=1.2 dst=102.9 n=6 | 0 arrived*, 0 told | blackhole
	vm1 raw to=$r1 src=1.2 dst=103.9 n=7 | 0 arrived*, 7 told | reject
	vm1 raw to=$r1 src=1.2 dst=105.9 n=8 | 0 arrived*, 0 told | two routers
	vm1 raw to=$r1 src=1.2 dst=22.2 n=9 | 9 arrived in order, 0 told | connected
	vm1 ping 104.1 | pong 104.1 | answered by the router
	vm1 ping 12.1 | pong 12.1 | answered by an address of its own
	vm1 raw to=$r1 src=1.2 dst=101.9 | u1 ttl 63 | one more
	wait
E
read_stats
is "r1:10.0.101.0/24 gateway 10.0.21.2 port u1" "r1:fd00:101::/64 gateway fd00:21::2 port u1" 10 \
	"with and without a flow"
is "r1:10.0.101.0/24 src 10.0.1.77/32 gateway 10.0.22.2 port u2" \
	"r1:fd00:101::/64 src fd00:1::77/128 gateway fd00:22::2 port u2" 3 "only of the source"
is "r1:10.0.101.0/24 gateway 10.0.22.2 port u2 metric 7" \
	"r1:fd00:101::/64 gateway fd00:22::2 port u2 metric 7" 0 "another one to the same dst"
is "r1:10.0.102.0/24 blackhole" "r1:fd00:102::/64 blackhole" 6 "blackhole"
is "r1:10.0.103.0/24 reject" "r1:fd00:103::/64 reject" 7 "reject"
is "r1:10.0.105.0/24 gateway 10.0.12.2 port r2" "r1:fd00:105::/64 gateway fd00:12::2 port r2" 8 \
	"the first of two routers"
is "r2:10.0.105.0/24 blackhole" "r2:fd00:105::/64 blackhole" 8 "the second"
is "r1:10.0.22.0/24 port u2 connected" "r1:fd00:22::/64 port u2 connected" 9 "connected"
is "r1:10.0.104.0/24 local" "r1:fd00:104::/64 local" 1 "local"
is "r1:10.0.12.1/32 local port r2 connected" "r1:fd00:12::1/128 local port r2 connected" 1 \
	"local, of an address"
check_eq "bytes" "$(jq -r '.[] | select(.name == "r1:10.0.102.0/24 blackhole") | .bytes' <<< "$stats")" \
	$((6 * $(jq -r '.[] | select(.name == "r1:10.0.22.0/24 port u2 connected") |
		.bytes / .packets' <<< "$stats")))
check_eq "all rows have their names" "$(jq 'length - (unique_by(.name) | length)' <<< "$stats")" 0
check_eq "by name" "$(json 'map(.type + " " + .name) | join(",")' stats r1:10.0.102.0/24)" \
	"route r1:10.0.102.0/24 blackhole"
check "in a table" sh -c "midoctl stats route | grep -q 'route *r1:10.0.102.0/24 blackhole .*6'"

setup midoctl trace net1:vm1 src 10.0.1.2 dst 10.0.102.9
read_stats
is "r1:10.0.102.0/24 blackhole" "r1:fd00:102::/64 blackhole" 6 "a trace does not count"

# Replaced: what flows of the old one still have is not the new one's
probe <<-E
	vm1 raw to=$r1 src=1.2 dst=101.9 n=5 | 5 arrived in order, 0 told | flows of the old route
	wait
E
topology <<-E
	route del r1 dst 101.0/24 port u1 gateway 21.2
	route add r1 dst 101.0/24 port u2 gateway 22.2
	route del r1 dst 102.0/24 type blackhole
	route add r1 dst 102.0/24 type blackhole
E
probe <<-E
	vm1 raw to=$r1 src=1.2 dst=101.9 n=4 | 4 arrived in order, 0 told | the new route
	vm1 raw to=$r1 src=1.2 dst=102.9 n=2 | 0 arrived*, 0 told | one that stayed
	wait
E
read_stats
is "r1:10.0.101.0/24 gateway 10.0.22.2 port u2" "r1:fd00:101::/64 gateway fd00:22::2 port u2" 4 \
	"replaced, from 0 on"
is "r1:10.0.101.0/24 gateway 10.0.21.2 port u1" "r1:fd00:101::/64 gateway fd00:21::2 port u1" "" \
	"the old one is gone"
is "r1:10.0.102.0/24 blackhole" "r1:fd00:102::/64 blackhole" 8 "replaced by the same"
for _ in 1 2 3; do
	setup midoctl route del r1 dst 10.0.105.0/24
	setup midoctl route add r1 dst 10.0.105.0/24 port r2 gateway 10.0.12.2
done
probe <<-E
	4 vm1 raw to=$r1 src=1.2 dst=105.9 n=3 | 0 arrived*, 0 told | again and again
	wait
E
setup midoctl flow flush
read_stats
is "r1:10.0.105.0/24 gateway 10.0.12.2 port r2" "" 3 "from 0 on each time"
is "r2:10.0.105.0/24 blackhole" "" 11 "that of the next router stayed"
