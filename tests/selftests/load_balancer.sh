#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1 -- net1 -- r1 -- net2 -- s1, s2
#	               '---- ext (a device)
#
# VIPs elsewhere and in the subnets of those who ask; members that fail and come
# back.
. "$(dirname "$0")/lib.sh"
need jq

vm vm1 10.0.1.2/24 fd00:1::2/64
vm ext 10.0.3.2/24 fd00:3::2/64
for i in 1 2; do
	vm s$i 10.0.2.$i/24 fd00:2::$i/64
done
topology <<-E
	bridge add net1
	bridge add net2
	router add r1
	port add net1:vm1 dev vm1
	port add net1:r
	port add r1:n1 mac 02:00:00:00:01:01 addresses 1.1/24 peer net1:r
	port add net2:r
	port add r1:n2 mac 02:00:00:00:02:01 addresses 2.254/24 peer net2:r
	port add net2:s1 dev s1
	port add net2:s2 dev s2
	port add r1:ext mac 02:00:00:00:03:01 addresses 3.1/24 dev ext
	load-balancer add lb router r1
E
gateway vm1 10.0.1.1 fd00:1::1
gateway ext 10.0.3.1 fd00:3::1
for i in 1 2; do
	gateway s$i 10.0.2.254 fd00:2::254
done

# Each family has a pool of its own. $1 is a verb, the address is N.H.
both() {
	local verb=$1 at=$2
	shift 2
	local n=${at%%.*} h=${at#*.}
	local host=${h%%:*} port=${h#*:}
	echo "load-balancer $verb 10.0.$n.$host:$port $*" | sed 's/POOL/p4/g'
	echo "load-balancer $verb [fd00:$n::$host]:$port $*" | sed 's/POOL/p6/g'
}
members() {
	local verb=$1 at=$2
	shift 2
	both "member $verb lb POOL" "$at" "$@"
}
health() {
	local i=$1 state=$2
	midoctl load-balancer set-health lb p4 "10.0.2.$i:7" "$state" &&
		midoctl load-balancer set-health lb p6 "[fd00:2::$i]:7" "$state"
}
{
	echo "load-balancer pool add lb p4"
	echo "load-balancer pool add lb p6"
	for i in 1 2; do
		members add 2.$i:7
	done
	for at in 9.100:80 1.100:80 3.100:80; do
		both "vip add lb" $at proto tcp pool POOL
		both "vip add lb" $at proto udp pool POOL
	done
} > "$scratch/batch"
setup midoctl batch "$scratch/batch"

probe <<-E
	s1 serve 7
	s2 serve 7
	vm1 tcp 9.100 80 | open | TCP to a VIP
	vm1 udp 9.100 80 | echo | UDP
	vm1 udp 2.1 7 | echo | a member itself, whom the router looks for
	vm1 udp 2.2 7 | echo | and the other
	vm1 udp 9.100 80 n=20 | 20 echo | many connections
	vm1 udp 9.100 81 | 3/0 1.1 | another port is none of the load balancer's
	vm1 tcp 1.100 80 | open | a VIP in the subnet of a bridge
	vm1 udp 1.100 80 n=20 | 20 echo | by UDP too
	ext tcp 3.100 80 | open | a VIP in the subnet of a device
	ext udp 3.100 80 n=20 | 20 echo | by UDP too
	wait
E

health 1 down
health 2 down
probe <<-E
	vm1 tcp 9.100 80 | refused | nobody is up: TCP
	vm1 udp 9.100 80 | 3/3 1.1 | and UDP
	wait
E
check "drops are counted" dropped no-member
health 2 up
probe <<-E
	s2 serve 7
	vm1 udp 9.100 80 n=20 | 20 echo | one is back
	vm1 tcp 9.100 80 | open | for TCP too
	wait
E
generation=$(json .generation status)
check_eq "health is shown" "$(json '.[] | select(.address == "10.0.2.1") | .health' \
	load-balancer member list lb p4)" down
setup health 1 up
check_eq "and is no configuration" "$(json .generation status)" "$generation"

refused "a VIP is no address of the router" "is an address|has an address" \
	midoctl load-balancer vip add lb 10.0.1.1:80 proto tcp pool p4
refused "an address of the router is no VIP" "10.0.1.100:80/... has an address" \
	midoctl port set r1:n1 addresses 10.0.1.1/24,10.0.1.100/32
refused "a router has one load balancer" "r1 has load-balancer lb already" \
	midoctl load-balancer add lb2 router r1
refused "a pool in use stays" "is used by vip" midoctl load-balancer pool del lb p4
refused "so does the router" "used by load-balancer lb" midoctl router del r1

trace=$(midoctl trace net1:vm1 src 10.0.1.2 dst 10.0.9.100 proto udp src-port 99 dst-port 80)
check_eq "a trace says who was chosen" \
	"$(grep -cE 'vip 10.0.9.100:80/udp, pool p4: 10.0.2.[12]:7, chosen of 2 of 2' <<< "$trace")" 1
packets=$(json '.[] | select(.type == "vip" and .name == "lb:10.0.1.100:80/udp") | .packets' \
	stats)
check_eq "packets are counted" "$packets" 20

setup midoctl load-balancer del lb
probe <<-E
	vm1 udp 9.100 80 | 3/0 1.1 | without the load balancer the VIP is nobody
	vm1 udp 1.100 80 | 3/1 1.1 @1-9 | nor is it in the subnet
	wait
E
