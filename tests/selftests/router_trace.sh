#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1 -- net1 -- r1 -- net2 -- vm2 (MTU 1400)
#	               '-- ext
#
# A trace through a router says which route, which neighbour and which size
# decided, and that is what happens.
. "$(dirname "$0")/lib.sh"
need jq

vm vm1 10.0.1.2/24 fd00:1::2/64
vm vm2 10.0.2.2/24 fd00:2::2/64
vm ext 10.0.9.2/24 fd00:9::2/64
setup ip link set vm2 mtu 1400
setup in_vm vm2 ip link set eth0 mtu 1400
topology <<-E
	bridge add net1
	bridge add net2
	router add r1
	port add net1:vm1 dev vm1 mac $(mac_of vm1)
	port add net2:vm2 dev vm2
	port add net1:r
	port add net2:r
	port add r1:n1 mac 02:00:00:00:01:01 addresses 1.1/24 peer net1:r
	port add r1:n2 mac 02:00:00:00:02:01 addresses 2.1/24 peer net2:r
	port add r1:ext mac 02:00:00:00:09:01 addresses 9.1/24 dev ext
	route add r1 dst 100.0/24 port ext gateway 9.2
	route add r1 dst 66.0/24 type blackhole
	route add r1 dst 67.0/24 type reject
E
gateway vm1 10.0.1.1 fd00:1::1
gateway vm2 10.0.2.1 fd00:2::1
gateway ext 10.0.9.1 fd00:9::1
r1=02:00:00:00:01:01

# traced WORD...: a trace of vm1, in $t
traced() { t=$(midoctl -j trace net1:vm1 hw-dst $r1 "$@"); }
# is FILTER WANTED DESCRIPTION
is() { check_eq "$3" "$(jq -r "$1" <<< "$t")" "$2"; }
end='[.verdict, .reason // empty, .outputs[]?] | join(" ")'

traced src 10.0.1.2 dst 10.0.2.2 proto udp dst-port 7
is .verdict wait "an unknown next hop is waited for"
check_eq "but not asked: nothing waits for it" \
	"$(json '[.[] | select(.address == "10.0.2.2")] | length' neighbour list r1:n2)" 0
probe <<-E
	vm1 raw to=$r1 src=1.2 dst=2.2 | vm2 ttl 63 | vm2 is known
	vm1 raw to=$r1 src=1.2 dst=100.2 | ext ttl 63 | ext is known
	vm1 raw to=$r1 src=1.2 dst=66.2 | nothing | what a trace is to say: dropped
	vm1 raw to=$r1 src=1.2 dst=67.2 | 3/13 1.1 | what a trace is to say: rejected
	vm1 raw to=$r1 src=1.2 dst=77.2 | 3/0 1.1 | what a trace is to say: no route
	vm1 raw to=$r1 src=1.2 dst=2.2 ttl=1 | 11/0 1.1 | what a trace is to say: TTL
	vm1 raw to=$r1 src=1.2 dst=2.2 size=1500 df | 3/4 1.1 mtu 1400 | what a trace is to say: size
E
drops=$(midoctl -j drops)

for v in 4 6; do
	[ $v = 4 ] && a=10.0. b=. to=24 || a=fd00: b=:: to=64
	src=${a}1${b}2
	traced src $src dst ${a}2${b}2 proto udp dst-port 7 ttl 9
	is "$end" "output net2:vm2" "forwarded, IPv$v"
	is '.["packet-out"] | [.["hw-src"], .["hw-dst"], .ttl] | join(" ")' \
		"02:00:00:00:02:01 $(mac_of vm2) 8" "the packet as it leaves"
	is '[.steps[] | select(.route) | .device] | unique | join(" ")' r1 "a step at the router has a route"
	check "it names the prefix" grep -q "${a}2${b}0\\?/$to" <<< "$t"
	check "the neighbour is named with its MAC" sh -c "echo '$t' | jq -r '.steps[].text' |
		grep -F '${a}2${b}2' | grep -q '$(mac_of vm2)'"
	traced src $src dst ${a}100${b}2 proto udp dst-port 7
	is "$end" "output r1:ext" "through a gateway"
	check "the gateway is named" sh -c "echo '$t' | jq -r '.steps[] | .text, .route' | grep -qF '${a}9${b}2'"
	traced src $src dst ${a}66${b}2 proto udp
	is "$end" "drop blackhole" "a black hole"
	traced src $src dst ${a}67${b}2 proto udp
	is "$end" "drop reject" "a route that rejects"
	traced src $src dst ${a}77${b}2 proto udp
	is "$end" "drop no-route" "no route"
	traced src $src dst ${a}2${b}2 proto udp ttl 1
	is "$end" "drop ttl" "the TTL ends"
	traced src $src dst ${a}1${b}1 proto udp dst-port 7
	is "$end" "drop no-service" "for the router itself"
	traced src $src dst ${a}2${b}2 proto udp len 1500
	if [ $v = 6 ]; then
		is "$end" "drop mtu" "too big"
	else
		is "$end" "output net2:vm2" "too big without DF: cut"
	fi
	check "the size is named" sh -c "echo '$t' | jq -r '.steps[].text' | grep -q 1400"
done

is_same() { [ "$(midoctl -j drops)" = "$drops" ]; }
check "traces count nothing" is_same
check "for people" sh -c "midoctl trace net1:vm1 hw-dst $r1 src 10.0.1.2 dst 10.0.100.2 proto udp | grep -q 10.0.9.2"
t=$(midoctl -j trace net1:vm1 src 10.0.1.2 dst 10.0.100.2 proto udp)
is "$end" "output r1:ext" "without hw-dst: the gateway of the subnet"
