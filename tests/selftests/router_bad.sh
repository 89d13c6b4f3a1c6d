#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What makes no sense on a router is refused whole, with the place of what is wrong.
. "$(dirname "$0")/lib.sh"
need jq

topology <<-E
	bridge add net0
	port add net0:r
	router add r0
	router add r9
	port add r0:a addresses 1.1/24
	port add r0:b addresses 2.1/24
	port add r9:x addresses 9.1/24
	route add r0 dst 5.0/24 port a gateway 1.9
E
midoctl export > "$scratch/export"
g=$(json .generation status)

# ports PATTERN PORT-OF-r0...: a document with these ports is refused
ports() {
	local pattern=$1
	shift
	printf '{"midonet":1,"routers":[{"name":"r0","ports":[%s]}]}' "$(IFS=,; echo "$*")" > "$scratch/doc"
	refused "$pattern: ${*: -1}" "$pattern" midoctl apply "$scratch/doc"
}

# addrs PATTERN ADDRESS...: a port with these
addrs() {
	local pattern=$1 list
	shift
	list=$(printf ',"%s"' "$@")
	ports "$pattern" "{\"name\":\"p\",\"addresses\":[${list:1}]}"
}

# routes PATTERN ROUTE: r0 with ports a, b has this route
routes() {
	printf '{"midonet":1,"routers":[{"name":"r0","ports":[{"name":"a","addresses":["10.0.1.1/24","fd00:1::1/64"]},{"name":"b","addresses":["10.0.2.1/24","fd00:2::1/64"]}],"routes":[{%s}]},{"name":"r9","ports":[{"name":"x","addresses":["10.0.9.1/24","fd00:9::1/64"]}]}]}' "$2" > "$scratch/doc"
	refused "$1: $2" "$1" midoctl apply "$scratch/doc"
}

p='routers\[0\].ports\[0\].addresses\[0\]'
addrs "$p" 224.0.0.1/24
addrs "$p" ff02::1/64
addrs "$p" 127.0.0.1/8
addrs "$p" ::1/128
addrs "$p" 0.0.0.0/0
addrs "$p" ::/0
addrs "$p" 10.0.0.1/33
addrs "$p" 10.0.0.256/24
addrs "$p" fd00::1/129
addrs 'routers\[0\].ports\[0\].addresses\[1\]' 10.0.0.1/24 10.0.0.1/24
p='routers\[0\].ports\[1\].addresses\[0\]'
ports "$p" '{"name":"p","addresses":["10.0.0.1/24"]}' '{"name":"q","addresses":["10.0.0.2/24"]}'
ports "$p" '{"name":"p","addresses":["10.0.0.1/24"]}' '{"name":"q","addresses":["10.0.0.129/25"]}'
ports "$p" '{"name":"p","addresses":["fd00::1/64"]}' '{"name":"q","addresses":["fd00::2/48"]}'
ports 'routers\[0\].ports\[0\].vlan' '{"name":"p","vlan":5}'
ports 'routers\[0\].ports\[0\].mac' '{"name":"p","mac":"01:00:5e:00:00:01"}'

r='routers\[0\].routes\[0\]'
routes "$r.gateway" '"dst":"10.0.7.0/24","port":"a","gateway":"10.0.1.1"'
routes "$r.gateway" '"dst":"fd00:7::/64","port":"a","gateway":"fd00:1::1"'
routes "$r.gateway" '"dst":"10.0.7.0/24","port":"a","gateway":"10.0.2.1"'
routes "$r.gateway" '"dst":"10.0.7.0/24","port":"a","gateway":"fd00:1::9"'
routes "$r.gateway" '"dst":"fd00:7::/64","port":"a","gateway":"10.0.1.9"'
routes "$r.gateway" '"dst":"10.0.7.0/24","port":"a","gateway":"224.0.0.1"'
routes "$r.gateway" '"dst":"fd00:7::/64","port":"a","gateway":"ff02::1"'
routes "$r.gateway" '"dst":"10.0.7.0/24","type":"blackhole","gateway":"10.0.1.9"'
routes "$r.port" '"dst":"10.0.7.0/24","port":"r9:x","gateway":"10.0.9.9"'
routes "$r.port" '"dst":"10.0.7.0/24","port":"x","gateway":"10.0.9.9"'
routes "$r" '"dst":"10.0.7.0/24","type":"blackhole","port":"a"'
routes "$r" '"dst":"10.0.7.0/24"'
routes "$r.dst" '"dst":"10.0.7.1/24","port":"a","gateway":"10.0.1.9"'
routes "$r.dst" '"dst":"fd00:7::1/64","port":"a","gateway":"fd00:1::9"'
routes "$r.src" '"dst":"10.0.7.0/24","src":"fd00::/64","port":"a","gateway":"10.0.1.9"'
routes "$r.src" '"dst":"10.0.7.0/24","src":"10.0.3.3/24","port":"a","gateway":"10.0.1.9"'
routes "$r.type" '"dst":"10.0.7.0/24","type":"quux"'
routes "$r.metric" '"dst":"10.0.7.0/24","port":"a","metric":-1'
routes 'routers\[0\].routes\[1\]' '"dst":"10.0.7.0/24","type":"reject"},{"dst":"10.0.7.0/24","type":"reject"'

printf '{"midonet":1,"bridges":[{"name":"n","ports":[{"name":"p","addresses":["10.0.0.1/24"]}]}]}' > "$scratch/doc"
refused "addresses of a bridge port" 'bridges\[0\].ports\[0\].addresses' midoctl apply "$scratch/doc"

# The same by single commands
refused "overlap by a command" "port b overlaps.*port a" midoctl port set r0:b addresses +10.0.1.7/24
refused "addresses of a bridge port by a command" net0:r midoctl port set net0:r addresses 10.0.1.7/24
refused "a vlan of a router port" r0:a midoctl port set r0:a vlan 7
refused "a router port and its own router" r0 midoctl port set r0:a peer r0:b
refused "a route to a port of another router" x midoctl route add r0 dst 10.0.8.0/24 port r9:x gateway 10.0.9.9
refused "a gateway that is ours" 10.0.1.1 midoctl route add r0 dst 10.0.8.0/24 port a gateway 10.0.1.1
refused "a gateway that becomes ours" 10.0.1.9 midoctl port set r0:a addresses +10.0.1.9/32
check_fails "a static neighbour with a group's MAC" midoctl neighbour add r0:a 10.0.1.5 mac 01:00:5e:00:00:01
refused "a static neighbour with our address" 10.0.1.1 midoctl neighbour add r0:a 10.0.1.1 mac 02:00:00:00:00:05
refused "deleting a route that is not there" 10.0.5.0 midoctl route del r0 dst 10.0.5.0/24 port b
refused "a router that is not there" r7 midoctl route list r7
refused "deleting a connected route" 'no such static route' midoctl route del r0 dst 10.0.1.0/24

check_eq "nothing was changed" "$(json .generation status)" "$g"
check "the document is what it was" sh -c "midoctl export | cmp - '$scratch/export'"
check "and fits itself" midoctl diff "$scratch/export"
