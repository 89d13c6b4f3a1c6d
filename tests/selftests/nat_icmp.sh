#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1 -- net1 -- r1 -- r2 -- net3 -- vm3 (MTU 1400)
#
# ICMP errors about translated packets: who gets them, what they say, what they
# quote. r1 translates, r2 knows nothing of net1.
. "$(dirname "$0")/lib.sh"
need jq traceroute

vm vm1 10.0.1.2/24 fd00:1::2/64
vm vm3 10.0.3.2/24 fd00:3::2/64
setup ip link set vm3 mtu 1400
setup in_vm vm3 ip link set eth0 mtu 1400
topology <<-E
	bridge add net1
	bridge add net3
	router add r1
	router add r2
	port add net1:vm1 dev vm1
	port add net1:r
	port add net3:vm3 dev vm3
	port add net3:r
	port add r1:n1 mac 02:00:00:00:01:01 addresses 1.1/24 peer net1:r
	port add r1:r2 addresses 12.1/24,12.50/32
	port add r2:r1 addresses 12.2/24 peer r1:r2
	port add r2:n3 mac 02:00:00:00:03:01 addresses 3.1/24 peer net3:r
	route add r1 dst 3.0/24 port r2 gateway 12.2
	neighbour add r1:n1 1.71 mac $(mac_of vm1)
	neighbour add r1:n1 1.72 mac $(mac_of vm1)
	neighbour add r2:n3 3.71 mac $(mac_of vm3)
	neighbour add r2:n3 3.72 mac $(mac_of vm3)
	chain add in
	chain add out
	rule add in dst 12.50 proto tcp,udp dst-port 80 dnat target 1.71:7
	rule add in icmp-data-src 1.72 drop
	rule add out icmp-data-dst 1.71 icmp-data-src 3.72 drop
	rule add out out-port r1:r2 src 1.0/24 snat target 12.50:1024-65535
	router set r1 in-chain in out-chain out
E
lasting
gateway vm1 10.0.1.1 fd00:1::1
gateway vm3 10.0.3.1 fd00:3::1
r1=02:00:00:00:01:01
r3=02:00:00:00:03:01

probe <<-E
	vm3 serve 7
	vm1 udp 3.2 9 | 3/3 3.2 @0-2 | a closed port, first packet
	wait
	vm1 udp 3.2 9 size=1400 | 3/3 3.2 | which quotes a lot
	vm1 tcp 3.2 9 | refused | a closed port of TCP
	vm1 udp 3.2 7 ttl=1 | 11/0 1.1 | the TTL ends before it is translated
	vm1 udp 3.2 7 ttl=2 | 11/0 12.2 | and behind
	vm1 ping 3.2 ttl=2 | 11/0 12.2 | that of an echo request
	vm1 ping 3.2 size=1500 df | 3/4 12.2 mtu 1400 | too big behind the translation
	vm1 udp 3.99 7 | 3/1 12.2 | a next hop that is not there
	vm1 udp 3.1 7 | 3/3 12.2 | a service the other router does not have
	wait
	vm1 tcp 3.2 7 bytes=300000 | open | TCP finds the path MTU
	4 vm1 ping 3.2 size=1500 | pong 3.2 | who may be cut is
	wait
	# from outside, by hand
	vm1 packet udp to=$r1 src=1.71 dst=3.71 sport=2000 | vm3 udp 12.50 2000 > 3.71 7 | a connection
	vm1 packet tcp to=$r1 src=1.71 dst=3.71 sport=2001 | vm3 tcp 12.50 2001 > 3.71 7 S | of TCP
	vm1 packet echo to=$r1 src=1.71 dst=3.71 id=2002 | vm3 echo 12.50 > 3.71 id 2002 | of echoes
	vm1 packet udp to=$r1 src=1.72 dst=3.71 sport=2003 | vm3 udp 12.50 2003 > 3.71 7 | of another sender
	vm1 packet 47 to=$r1 src=1.71 dst=3.71 | vm3 47 12.50 > 3.71 | of another protocol
	vm3 packet udp to=$r3 src=3.71 dst=12.50 sport=2004 dport=80 | vm1 udp 3.71 2004 > 1.71 7 | from outside
	vm3 packet udp to=$r3 src=3.72 dst=12.50 sport=2004 dport=80 | vm1 udp 3.72 2004 > 1.71 7 | and another one
	wait
	vm3 packet error to=$r3 src=3.71 dst=12.50 error=3/3 about=udp qsrc=12.50 qdst=3.71 qsport=2000 qdport=7 | vm1 3/3 3.71 > 1.71 about udp 1.71 2000 > 3.71 7 | outer address and quote are translated
	wait
	vm3 packet error to=$r3 src=3.71 dst=12.50 error=3/3 about=udp qsrc=12.50 qdst=3.71 qsport=2000 qdport=7 short | vm1 3/3 3.71 > 1.71 about udp 1.71 2000 > 3.71 7* | also if eight bytes are quoted
	wait
	vm3 packet error to=$r3 src=3.9 dst=12.50 error=11/0 about=tcp qsrc=12.50 qdst=3.71 qsport=2001 qdport=7 | vm1 11/0 3.9 > 1.71 about tcp 1.71 2001 > 3.71 7 S | a router on the way speaks for itself
	wait
	vm3 packet error to=$r3 src=3.71 dst=12.50 error=3/4 mtu=1300 about=tcp qsrc=12.50 qdst=3.71 qsport=2001 qdport=7 short | vm1 3/4 3.71 > 1.71 about tcp 1.71 2001 > 3.71 7* | fragmentation needed, eight bytes quoted
	wait
	vm3 packet error to=$r3 src=3.71 dst=12.50 error=3/1 about=echo qsrc=12.50 qdst=3.71 qid=2002 | vm1 3/1 3.71 > 1.71 about echo 1.71 > 3.71 id 2002 | about an echo request
	vm3 packet error to=$r3 src=3.71 dst=12.50 error=3/2 about=47 qsrc=12.50 qdst=3.71 | vm1 3/2 3.71 > 1.71 about 47 1.71 > 3.71 | about another protocol
	vm3 packet error to=$r3 src=3.71 dst=12.50 error=3/3 about=udp qsrc=12.50 qdst=3.71 qsport=2003 qdport=7 | nothing | icmp-data-src is what it is for the sender
	vm3 packet error to=$r3 src=3.71 dst=12.50 error=3/3 about=udp qsrc=12.50 qdst=3.71 qsport=2999 qdport=7 | nothing | about no connection: nobody is told
	vm3 packet error to=$r3 src=3.71 dst=12.50 error=3/3 about=udp qsrc=12.50 qdst=3.72 qsport=2000 qdport=7 | nothing | about another destination
	wait
	vm3 packet error to=$r3 src=3.71 dst=12.50 error=3/3 about=udp qsrc=12.50 qdst=3.71 qsport=2000 qdport=7 short=2 | nothing | which quotes too little
	wait
	# from inside
	vm1 packet error to=$r1 src=1.71 dst=3.71 error=3/3 about=udp qsrc=3.71 qdst=1.71 qsport=2004 qdport=7 | vm3 3/3 12.50 > 3.71 about udp 3.71 2004 > 12.50 80 | back through a translated destination
	vm1 packet error to=$r1 src=1.9 dst=3.71 error=11/0 about=udp qsrc=3.71 qdst=1.71 qsport=2004 qdport=7 | vm3 11/0 * > 3.71 about udp 3.71 2004 > 12.50 80 | from somebody on the way
	vm1 packet error to=$r1 src=1.71 dst=3.72 error=3/3 about=udp qsrc=3.72 qdst=1.71 qsport=2004 qdport=7 | nothing | icmp-data-dst is where the sender's packet went by then
E

for dst in 10.0.3.2 fd00:3::2; do
	[ $dst = 10.0.3.2 ] && hops="10.0.1.1 10.0.12.2 $dst" || hops="fd00:1::1 fd00:12::2 $dst"
	for how in -U -I -T; do
		check_eq "traceroute $how to $dst" "$(in_vm vm1 traceroute $how -n -q 1 -N 1 -w 2 $dst |
			awk 'NR > 1 {printf s $2; s = " "}')" "$hops"
	done
done
