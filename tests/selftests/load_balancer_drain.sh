#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1 -- net1 -- r1 -- net2 -- s1, s2
#
# Members that are to get no more: what they have they keep, as long as it cannot go
# elsewhere; what can does.
. "$(dirname "$0")/lib.sh"
need jq

vm vm1 10.0.1.2/24 fd00:1::2/64
for i in 1 2; do
	vm s$i 10.0.2.$i/24 fd00:2::$i/64
done
topology <<-E
	bridge add net1
	bridge add net2
	router add r1
	port add net1:vm1 dev vm1
	port add net1:r
	port add r1:n1 addresses 1.1/24 peer net1:r
	port add net2:r
	port add r1:n2 addresses 2.254/24 peer net2:r
	port add net2:s1 dev s1
	port add net2:s2 dev s2
	load-balancer add lb router r1
	load-balancer pool add lb p4
	load-balancer pool add lb p6
	load-balancer pool add lb t4
	load-balancer pool add lb t6
E
gateway vm1 10.0.1.1 fd00:1::1
for i in 1 2; do
	gateway s$i 10.0.2.254 fd00:2::254
done

# members VERB N WORD...: of server N, in all pools. Pools t are for those who talk.
members() {
	local verb=$1 n=$2
	shift 2
	echo "load-balancer member $verb lb p4 10.0.2.$n:7 $*"
	echo "load-balancer member $verb lb p6 [fd00:2::$n]:7 $*"
	echo "load-balancer member $verb lb t4 10.0.2.$n:10007 $*"
	echo "load-balancer member $verb lb t6 [fd00:2::$n]:10007 $*"
}
# step NAME: commands of standard input, for a table of probes: "do NAME"
step() {
	cat > "$scratch/$1"
}
# health N STATE: of server N
health() {
	members X $1 $2 | sed 's/member X/set-health/'
}
{
	members add 1
	members add 2 weight 0
	echo "load-balancer vip add lb 10.0.9.100:80 proto udp pool p4"
	echo "load-balancer vip add lb [fd00:9::100]:80 proto udp pool p6"
	echo "load-balancer vip add lb 10.0.9.100:10080 proto tcp pool t4"
	echo "load-balancer vip add lb [fd00:9::100]:10080 proto tcp pool t6"
} | step begin
setup midoctl batch "$scratch/begin"
{ members set 1 admin-up false; members set 2 weight none; } | step drain
health 1 down | step down
{ members set 1 admin-up none; members set 2 weight 0; } | step back
health 1 up | step up
health 2 down | step other
{ members set 2 weight none; members del 1; } | step remove
health 2 up | step alive
each="xargs -d '\n' -n 1 sh -c 'midoctl \$0' <"

probe <<-E
	s1 serve 7
	s2 serve 7
	vm1 talk A 9.100 80 sport=2000 | heard, 1.2 2000 > 2.1 10007 | a connection
	vm1 udp 9.100 80 sport=3000 seen | echo, 1.2 3000 > 2.1 7 | and one of UDP
	wait
	do midoctl batch $scratch/drain
	vm1 talk A | heard, 1.2 2000 > 2.1 10007 | who gets no new ones keeps those it has
	vm1 udp 9.100 80 sport=3000 seen | echo, 1.2 3000 > 2.1 7 | by UDP too
	vm1 talk B 9.100 80 sport=2001 | heard, 1.2 2001 > 2.2 10007 | new ones go elsewhere
	vm1 udp 9.100 80 sport=3001 seen | echo, 1.2 3001 > 2.2 7 | by UDP too
	wait
	do $each $scratch/down
	vm1 talk A | heard, 1.2 2000 > 2.1 10007 | down: an open connection cannot move
	vm1 udp 9.100 80 sport=3000 seen | echo, 1.2 3000 > 2.2 7 | what can move does
	wait
	do $each $scratch/up
	do midoctl batch $scratch/back
	vm1 talk A | heard, 1.2 2000 > 2.1 10007 | back: it is where it was
	vm1 talk B | heard, 1.2 2001 > 2.2 10007 | without weight: kept
	vm1 talk C 9.100 80 sport=2002 | heard, 1.2 2002 > 2.1 10007 | new ones go to the other
	vm1 udp 9.100 80 sport=3000 seen | echo, 1.2 3000 > 2.2 7 | what has moved stays
	wait
	do $each $scratch/other
	vm1 talk B | heard, 1.2 2001 > 2.2 10007 | down without weight: kept
	vm1 udp 9.100 80 sport=3001 seen | echo, 1.2 3001 > 2.1 7 | but what can move
	wait
	do $each $scratch/alive
	do midoctl batch $scratch/remove
	vm1 talk A | nothing | removed: nothing is kept
	vm1 talk B | heard, 1.2 2001 > 2.2 10007 | the other keeps
	vm1 udp 9.100 80 sport=3001 seen | echo, 1.2 3001 > 2.2 7 | and gets what can move
	wait
	do $each $scratch/other
	vm1 talk B | heard, 1.2 2001 > 2.2 10007 | the last is down: kept
	vm1 talk D 9.100 80 | refused | nobody is left
	vm1 udp 9.100 80 sport=3001 | 3/3 1.1 | for UDP either
	wait
E
counted conn-invalid 1 no-member 2
