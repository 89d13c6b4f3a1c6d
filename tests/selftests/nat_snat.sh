#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1, vm2, vm3 -- net1 -- r1 -- ext, ext2
#
# Translation of sources: which address and port a connection gets, what else of
# it stays as it was, and that the answers find back.
. "$(dirname "$0")/lib.sh"
need jq

vm vm1 10.0.1.2/24 fd00:1::2/64
vm vm2 10.0.1.3/24 fd00:1::3/64
vm vm3 10.0.1.4/24 fd00:1::4/64
vm ext 10.0.9.2/24 fd00:9::2/64
vm vm4 10.0.8.2/24 fd00:8::2/64
setup in_vm ext ip addr add 10.0.9.3/24 dev eth0
setup in_vm ext ip addr add fd00:9::3/64 dev eth0 nodad
in_vm vm1 sysctl -qw net.ipv4.ip_local_port_range='20000 29999'
topology <<-E
	bridge add net1
	router add r1
	port add net1:vm1 dev vm1
	port add net1:vm2 dev vm2
	port add net1:vm3 dev vm3
	port add net1:r
	port add r1:n1 mac 02:00:00:00:01:01 addresses 1.1/24 peer net1:r
	port add r1:ext mac 02:00:00:00:09:01 addresses 9.1/24,9.50/32,9.51/32,9.52/32,9.53/32,9.54/32,9.55/32,9.56/32,9.57/32,9.58/32 dev ext
	port add r1:n8 mac 02:00:00:00:08:01 addresses 8.1/24,8.50/32 dev vm4
	neighbour add r1:ext 9.77 mac $(mac_of ext)
	neighbour add r1:ext 9.78 mac $(mac_of ext)
	neighbour add r1:n1 1.71 mac $(mac_of vm1)
	neighbour add r1:n1 1.72 mac $(mac_of vm2)
	neighbour add r1:n1 1.73 mac $(mac_of vm1)
	neighbour add r1:n1 1.74 mac $(mac_of vm1)
	neighbour add r1:n1 1.75 mac $(mac_of vm1)
	neighbour add r1:n1 1.76 mac $(mac_of vm1)
	chain add snat
	chain add deeper
	chain add after
	rule add snat dst 9.77 proto 47 snat target 9.51-9.52:1024-65535
	rule add snat src 1.74 jump chain deeper
	rule add snat src 1.75 dst 9.0/24 snat target 9.56:1024-65535 then continue
	rule add snat src 1.75 proto udp dst-port 13 drop
	rule add snat src 9.56 proto udp dst-port 14 drop
	rule add snat src 1.76 jump chain after
	rule add snat src 1.76 proto udp dst-port 13 drop
	rule add snat src 9.57 proto udp dst-port 14 drop
	rule add snat src 9.54 proto udp dst-port 14 drop
	rule add snat src 1.73 dst 9.0/24 snat target 9.53:30000-30001
	rule add snat out-port r1:ext src 1.71 snat target 9.55-9.58:1-65535
	rule add snat out-port r1:ext src 1.0/24 snat target 9.50:1024-65535
	rule add snat out-port r1:n8 src 1.0/24 snat target 8.50:1024-65535
	rule add deeper dst 9.0/24 snat target 9.54:1024-65535
	rule add after dst 9.0/24 snat target 9.57:1024-65535 then return
	router set r1 out-chain snat
E
lasting
gateway vm1 10.0.1.1 fd00:1::1
gateway vm2 10.0.1.1 fd00:1::1
gateway vm3 10.0.1.1 fd00:1::1
r1=02:00:00:00:01:01
r9=02:00:00:00:09:01

probe <<-E
	ext serve 7
	vm4 serve 7
	vm2 serve 7
	# the other side has no route to those behind the translation
	vm1 udp 9.2 7 sport=40000 seen | echo, 9.50 40000 > 9.2 7 @0-2 | the first packet is translated, and keeps its port
	wait
	vm1 udp 9.2 7 sport=40000 seen | echo, 9.50 40000 > 9.2 7 | so is the next one
	vm1 tcp 9.2 7 sport=40000 bytes=200000 seen | open, 9.50 40000 > 9.2 7 | TCP
	vm1 tcp 9.2 7 bytes=1000 seen | open, 9.50 2???? > 9.2 7 | from any port
	vm1 tcp 9.2 9 | refused | a RST comes back
	vm1 udp 9.2 9 | 3/3 9.2 | an error comes back
	vm1 ping 9.2 | pong 9.2 | ping
	vm1 ping 9.2 size=4000 | pong 9.2 | a large one
	vm1 udp 9.2 7 size=4000 seen | echo, 9.50 * > 9.2 7 | UDP in fragments, there and back
	vm1 udp 8.2 7 seen | echo, 8.50 * > 8.2 7 | out of another port by another rule
	wait
	vm2 udp 9.2 7 sport=40000 seen | echo, 9.50 * > 9.2 7 | another sender of the same port
	wait
	vm2 udp 9.3 7 sport=40000 seen | echo, 9.50 40000 > 9.3 7 | a port is used again for another destination
	wait
	vm1 udp 9.3 7 sport=40001 seen | echo, 9.50 40001 > 9.3 7 | its own port, nobody else has it
	vm1 udp 1.3 7 seen | echo, 1.2 * > 1.3 7 | inside the bridge nothing is translated
	wait
	# in a target of two ports
	vm1 packet udp to=$r1 src=1.73 dst=9.77 sport=30001 | ext udp 9.53 30001 > 9.77 7 | a port of the target stays
	wait
	vm1 packet udp to=$r1 src=1.73 dst=9.77 sport=5 | ext udp 9.53 30000 > 9.77 7 | another one becomes what is left
	wait
	ext packet udp to=$r9 src=9.77 dst=9.53 sport=7 dport=30000 | vm1 udp 9.77 7 > 1.73 5 | the answer comes back to the right port
	ext packet udp to=$r9 src=9.77 dst=9.53 sport=7 dport=30001 | vm1 udp 9.77 7 > 1.73 30001 | and that to the other
	ext packet udp to=$r9 src=9.78 dst=9.53 sport=7 dport=30000 | 3/3 9.1 | somebody else has no way in
	ext packet udp to=$r9 src=9.77 dst=9.53 sport=8 dport=30000 | 3/3 9.1 | nor has another port of the same
	vm1 packet udp to=$r1 src=1.73 dst=9.77 sport=5 dport=8 | ext udp 9.53 3000? > 9.77 8 | another destination port: all are free
	vm1 packet udp to=$r1 src=1.73 dst=9.77 sport=7 | nothing | both are taken
	vm1 packet udp to=$r1 src=1.73 dst=9.77 sport=5 ttl=9 hops | ext udp 9.53 30000 > 9.77 7 ttl 8 | one hop older
	4 vm1 packet udp to=$r1 src=1.73 dst=9.77 sport=5 csum=0 | ext udp 9.53 30000 > 9.77 7 | UDP without a checksum
	# ids of ICMP are ports
	vm1 packet echo to=$r1 src=1.73 dst=9.77 id=9 | ext echo 9.53 > 9.77 id 3000? | an id is translated into the target
	wait
	vm2 packet echo to=$r1 src=1.72 dst=9.77 id=2000 | ext echo 9.50 > 9.77 id 2000 | an id stays if it can
	vm1 packet echo to=$r1 src=1.72 dst=9.78 id=2000 | ext echo 9.50 > 9.78 id 2000 | for another destination as well
	wait
	ext packet reply to=$r9 src=9.77 dst=9.50 id=2000 | vm2 reply 9.77 > 1.72 id 2000 | the answer comes back
	ext packet reply to=$r9 src=9.77 dst=9.50 id=2001 | nothing | another id has no way in
	# protocols without ports: an address each
	vm1 packet 47 to=$r1 src=1.71 dst=9.77 | ext 47 9.5[12] > 9.77 | another protocol
	wait
	vm2 packet 47 to=$r1 src=1.72 dst=9.77 | ext 47 9.5[12] > 9.77 | from another sender: the other address
	wait
	vm1 packet 47 to=$r1 src=1.73 dst=9.77 | nothing | of a third: there is none left
	wait
	vm1 packet sctp to=$r1 src=1.73 dst=9.77 sport=30001 | ext sctp 9.53 30001 > 9.77 7 | SCTP
	# a range of addresses
	vm1 packet udp to=$r1 src=1.71 dst=9.77 sport=1 | ext udp 9.5[5678] 1 > 9.77 7 | a range
	wait
	vm1 packet udp to=$r1 src=1.71 dst=9.77 sport=100 n=20 step=sport | 20 arrived, 0 told | more from the same sender
	# where rules are, and what follows
	vm1 packet udp to=$r1 src=1.74 dst=9.77 sport=5000 | ext udp 9.54 5000 > 9.77 7 | by jump
	vm1 packet udp to=$r1 src=1.75 dst=9.77 sport=5000 dport=13 | ext udp 9.56 5000 > 9.77 13 | then continue: the next rules see the new source
	vm1 packet udp to=$r1 src=1.74 dst=9.77 sport=5000 dport=14 | ext udp 9.54 5000 > 9.77 14 | then is accept, if nothing is said
	vm1 packet udp to=$r1 src=1.75 dst=9.77 sport=5000 dport=14 | nothing | and may drop it
	vm1 packet udp to=$r1 src=1.76 dst=9.77 sport=5000 dport=13 | ext udp 9.57 5000 > 9.77 13 | then return
	vm1 packet udp to=$r1 src=1.76 dst=9.77 sport=5000 dport=14 | nothing | to the chain that jumped
	wait
	# TCP in the middle
	vm1 packet tcp to=$r1 src=1.74 dst=9.77 flags=A | nothing | a connection is not picked up in the middle
	vm1 packet tcp to=$r1 src=1.74 dst=9.77 flags=SA | nothing | nor by an answer
	wait
	vm1 packet tcp to=$r1 src=1.74 dst=9.77 flags=S | ext tcp 9.54 5000 > 9.77 7 S | it begins with a SYN
	wait
	ext packet tcp to=$r9 src=9.77 dst=9.54 sport=7 dport=5000 flags=SA | vm1 tcp 9.77 7 > 1.74 5000 SA | which is answered
	wait
	vm1 packet tcp to=$r1 src=1.74 dst=9.77 flags=A | ext tcp 9.54 5000 > 9.77 7 A | and so on
	ext packet tcp to=$r9 src=9.77 dst=9.54 sport=7 dport=5000 flags=AP | vm1 tcp 9.77 7 > 1.74 5000 AP | and back
E
counted nat-exhausted 3 conn-invalid 3
