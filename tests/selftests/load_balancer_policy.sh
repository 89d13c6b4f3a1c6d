#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1, s1 -- net1 -- r1 -- net2 -- s2
#
# VIPs and the rest: chains, translated sources, members in the clients' own subnet,
# errors, what is switched off or empty, and traces, which leave nothing behind.
. "$(dirname "$0")/lib.sh"
need jq

vm vm1 10.0.1.2/24 fd00:1::2/64
vm s1 10.0.1.3/24 fd00:1::3/64
vm s2 10.0.2.2/24 fd00:2::2/64
topology <<-E
	bridge add net1
	bridge add net2
	router add r1
	port add net1:vm1 dev vm1
	port add net1:s1 dev s1
	port add net1:r
	port add r1:n1 mac 02:00:00:00:01:01 addresses 1.1/24 peer net1:r
	port add net2:r
	port add r1:n2 mac 02:00:00:00:02:01 addresses 2.1/24,2.50/32 peer net2:r
	port add net2:s2 dev s2
	chain add in
	rule add in dst 9.100 drop
	chain add out
	rule add out src 9.100 drop
	rule add out dst 2.2 proto udp src-port 66 drop
	rule add out dst 2.2 proto udp src-port 67 snat target 2.50:5000-5999
	chain add at-port
	rule add at-port dst 9.100 proto udp dst-port 85 drop
	router set r1 in-chain in out-chain out
	port set r1:n1 in-chain at-port
	neighbour add r1:n1 1.71 mac $(mac_of vm1)
	neighbour add r1:n2 2.71 mac $(mac_of s2)
	load-balancer add lb router r1
E
gateway vm1 10.0.1.1 fd00:1::1
gateway s1 10.0.1.1 fd00:1::1
gateway s2 10.0.2.1 fd00:2::1
vips() {
	local v=$1 a=$2 b=$3
	echo "load-balancer pool add lb far$v"
	echo "load-balancer pool add lb near$v"
	echo "load-balancer pool add lb closed$v"
	echo "load-balancer pool add lb none$v"
	echo "load-balancer pool add lb mute$v"
	echo "load-balancer member add lb far$v ${a}2${b}2$4:7"
	echo "load-balancer member add lb near$v ${a}1${b}3$4:7"
	echo "load-balancer member add lb closed$v ${a}2${b}2$4:9"
	echo "load-balancer member add lb mute$v ${a}2${b}71$4:7"
	for proto in tcp udp; do
		for vip in 9${b}100$4:80-far 9${b}100$4:85-far 9${b}100$4:81-near 1${b}100$4:81-near \
			   9${b}100$4:82-closed 9${b}100$4:83-none 9${b}100$4:86-mute; do
			echo "load-balancer vip add lb $a${vip%-*} proto $proto pool ${vip#*-}$v"
		done
	done
	echo "load-balancer vip add lb ${a}9${b}100$4:84 proto udp pool far$v sticky 600"
}
{
	vips 4 10.0. . ""
	vips 6 [fd00: :: ]
} > "$scratch/batch"
setup midoctl batch "$scratch/batch"
switch() {
	for pool in far4 far6; do
		echo "load-balancer pool set lb $pool admin-up $1"
	done > "$scratch/pools-$1"
}
switch false
switch true

r1=02:00:00:00:01:01
r2=02:00:00:00:02:01
probe <<-E
	s1 serve 7
	s2 serve 7
	vm1 udp 9.100 80 sport=2000 seen | echo, 1.2 2000 > 2.2 7 | what is for a VIP skips the in-chain
	vm1 tcp 9.100 80 bytes=100000 seen | open, 1.2 * > 2.2 7 | TCP
	vm1 udp 9.100 80 size=4000 | echo | fragments
	vm1 ping 9.100 | nothing | what is not meets it
	vm1 udp 9.100 99 | nothing | another port
	vm1 udp 9.100 85 | nothing | chains of ports are asked
	vm1 udp 9.100 80 sport=66 | nothing | and the out-chain, which sees the member
	vm1 udp 9.100 80 sport=67 seen | echo, 2.50 5??? > 2.2 7 | it may translate the source
	wait
	vm1 udp 9.100 81 seen | echo, 1.1 * > 1.3 7 | a member in the client's subnet gets the router's source
	vm1 tcp 9.100 81 bytes=100000 seen | open, 1.1 * > 1.3 7 | TCP
	vm1 udp 1.100 81 seen | echo, 1.1 * > 1.3 7 | a VIP there, too
	s1 udp 9.100 81 seen | echo, 1.1 * > 1.3 7 | the member itself
	s2 udp 9.100 81 seen | echo, 2.2 * > 1.3 7 | from another subnet the source stays
	vm1 udp 9.100 82 | 3/3 9.100 | a member's error is the VIP's
	vm1 tcp 9.100 82 | refused | and its RST
	vm1 udp 9.100 83 | 3/3 1.1 | an empty pool
	vm1 tcp 9.100 83 | refused | for TCP, too
	vm1 udp 9.100 80 sport=3000 ttl=1 | 11/0 1.1 | the TTL ends before
	wait
	vm1 packet udp to=$r1 src=1.71 dst=9.100 sport=9 dport=86 | s2 udp 1.71 9 > 2.71 7 | a packet
	wait
	s2 packet udp to=$r2 src=2.71 dst=1.71 sport=7 dport=9 | vm1 udp 9.100 86 > 1.71 9 | its answer
	s2 packet error to=$r2 src=2.71 dst=1.71 error=3/3 about=udp qsrc=1.71 qdst=2.71 qsport=9 qdport=7 | vm1 3/3 9.100 > 1.71 about udp 1.71 9 > 9.100 86 | an error about it
	s2 packet error to=$r2 src=2.9 dst=1.71 error=11/0 about=udp qsrc=1.71 qdst=2.71 qsport=9 qdport=7 | vm1 11/0 2.9 > 1.71 about udp 1.71 9 > 9.100 86 | from somebody on the way
	vm1 packet udp to=$r1 src=1.71 dst=9.100 sport=8 dport=86 size=1000 cut=200 ident=5 only=3,1,2,5,4 | s2 udp 1.71 8 > 2.71 7 5 fragments | fragments in any order
	vm1 packet tcp to=$r1 src=1.71 dst=9.100 sport=9 dport=86 flags=A | nothing | TCP in the middle has no member
	vm1 packet tcp to=$r1 src=1.71 dst=9.100 sport=9 dport=86 flags=S | s2 tcp 1.71 9 > 2.71 7 S | it begins with a SYN
	wait
	do midoctl batch $scratch/pools-false
	vm1 udp 9.100 80 sport=2000 | nothing | a pool is switched off: its VIPs are not there, and rules hold
	vm1 udp 9.100 81 | echo | others are
	wait
	do midoctl batch $scratch/pools-true
	vm1 udp 9.100 80 sport=2000 seen | echo, 1.2 2000 > 2.2 7 | and back
	wait
	do midoctl load-balancer set lb admin-up false
	vm1 udp 9.100 80 sport=2000 | nothing | the load balancer is switched off
	vm1 udp 1.100 81 | 3/1 1.1 @1-9 | nobody has its VIPs
	wait
	do midoctl load-balancer set lb admin-up true
	vm1 udp 9.100 80 sport=2000 seen | echo, 1.2 2000 > 2.2 7 | and back
	wait
E
counted no-member 4 conn-invalid 2

flows=$(json length flow list)
for dst in "10.0.9.100 10.0.2.2" "fd00:9::100 fd00:2::2"; do
	t=$(midoctl -j trace net1:vm1 dst "${dst% *}" src "$([[ $dst = fd* ]] && echo fd00:1::2 || echo 10.0.1.2)" \
		proto udp src-port 4000 dst-port 84)
	check_eq "a trace to ${dst% *}" "$(jq -r '.verdict + " " + ."packet-out".dst' <<< "$t")" "output ${dst#* }"
done
check_eq "makes no connection" "$(midoctl conn list | grep -cw 4000)" 0
check_eq "no flow" "$(json length flow list)" "$flows"
check "and nobody stick" grep -q ' 0 clients' <<< "$(subsystem sticky)"
