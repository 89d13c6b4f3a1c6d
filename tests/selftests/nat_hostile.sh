#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1 -- net1 -- r1 -- ext
#	vm3 (hostile) -'
#
# Storms from one port, and from outside, against a translating router: tables stay
# bounded, others keep their connections and get new ones.
. "$(dirname "$0")/lib.sh"
need jq

vm vm1 10.0.1.2/24 fd00:1::2/64
vm vm3 10.0.1.4/24 fd00:1::4/64
vm ext 10.0.9.2/24 fd00:9::2/64
topology <<-E
	bridge add net1
	router add r1
	port add net1:vm1 dev vm1
	port add net1:vm3 dev vm3
	port add net1:r
	port add r1:n1 mac 02:00:00:00:01:01 addresses 1.1/24 peer net1:r
	port add r1:ext mac 02:00:00:00:09:01 addresses 9.1/24,9.50/32 dev ext
	neighbour add r1:ext 9.77 mac $(mac_of ext)
	neighbour add r1:n1 1.71 mac $(mac_of vm1)
	chain add in
	chain add out
	chain add sg
	rule add sg state invalid drop
	rule add in dst 9.50 proto udp dst-port 80 dnat target 1.71:7
	rule add out out-port r1:ext snat target 9.50:2000-2299
	router set r1 in-chain in out-chain out
	bridge set net1 in-chain sg
E
lasting
gateway vm1 10.0.1.1 fd00:1::1
gateway ext 10.0.9.1 fd00:9::1
r1=02:00:00:00:01:01
r9=02:00:00:00:09:01
setup sysctl -qw net.midonet.conns_per_port=250 net.midonet.icmp_rate=20

others() {
	cat <<-E
		vm1 talk A | heard, 9.50 2222 > 9.2 10007 | $1: who talks goes on
		vm1 udp 9.2 7 seen | echo, 9.50 2??? > 9.2 7 | $1: another one begins
		vm1 ping 9.2 | pong 9.2 | $1: ping
		vm1 tcp 9.2 7 bytes=100000 | open @0-6 | $1: TCP
		wait
	E
}
probe < <(sed "s/^\(\s*\)\([46] \)\?bad /\1\2vm3 packet to=$r1 src=1.4 /; s/^\(\s*\)\([46] \)\?forged /\1\2ext packet to=$r9 src=9.77 dst=9.50 error=3\/3 qsrc=9.50 qdst=9.2 wait=0.5 /" <<-E
	ext serve 7
	vm1 talk A 9.2 7 sport=2222 | heard, 9.50 2222 > 9.2 10007 | somebody talks
	wait
	bad tcp dst=9.77 sport=1 n=600 step=sport
	$(others "a SYN flood")
	bad tcp dst=9.77 dport=1 n=600 step=dport
	$(others "a port scan")
	4 vm3 packet udp to=$r1 src=10.0.1.100 dst=9.2 n=100 step=src
	bad udp dst=9.2 dport=7 sport=1 n=600 step=sport
	$(others "every port of the target wanted, for the same service")
	bad echo dst=9.2 id=1 n=600 step=id
	$(others "every id")
	bad udp dst=9.77 size=400 cut=100 only=2,3 ident=1 n=400
	bad udp dst=9.77 size=400 cut=100 only=1 ident=1 sport=1 n=400 step=sport
	$(others "parts of packets")
	forged error about=tcp qsport=2222 qdport=10007 n=300
	forged error about=tcp qsport=2222 qdport=1 n=300
	forged error about=udp qsport=2000 qdport=7 n=300
	ext packet error to=$r9 src=9.77 dst=9.50 error=3/3 qsrc=9.50 qdst=9.2 about=tcp qsport=2222 qdport=10007 short=3 n=100 wait=0.5
	$(others "forged errors")
	ext packet tcp to=$r9 src=9.77 dst=9.50 sport=10007 dport=2000 flags=RA n=300 step=dport
	ext packet tcp to=$r9 src=9.2 dst=9.50 sport=7 dport=2000 flags=SA n=300 step=dport
	ext packet udp to=$r9 src=9.77 dst=9.50 dport=80 sport=1 n=600 step=sport
	$(others "answers nobody waits for")
E
)
check "no port has more connections than allowed" test "$(json 'map(select(.device == "r1")) | length' conn list)" -le 760
check "what is held is not for long" midoctl conn flush
