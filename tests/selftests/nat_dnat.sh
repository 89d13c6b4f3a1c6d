#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1, vm2 -- net1 -- r1 -- ext
#
# Translation of destinations: where packets go, and that the answers seem to come
# from where they were sent.
. "$(dirname "$0")/lib.sh"
need jq

vm vm1 10.0.1.2/24 fd00:1::2/64
vm vm2 10.0.1.3/24 fd00:1::3/64
vm ext 10.0.9.2/24 fd00:9::2/64
topology <<-E
	bridge add net1
	router add r1
	port add net1:vm1 dev vm1
	port add net1:vm2 dev vm2
	port add net1:r
	port add r1:n1 mac 02:00:00:00:01:01 addresses 1.1/24 peer net1:r
	port add r1:ext mac 02:00:00:00:09:01 addresses 9.1/24,9.50/32 dev ext
	neighbour add r1:ext 9.77 mac $(mac_of ext)
	neighbour add r1:n1 1.71 mac $(mac_of vm1)
	neighbour add r1:n1 1.72 mac $(mac_of vm1)
	neighbour add r1:n1 1.73 mac $(mac_of vm2)
	neighbour add r1:n1 1.74 mac $(mac_of vm2)
	chain add dnat
	chain add deeper
	rule add dnat dst 9.50 proto tcp,udp dst-port 80 dnat target 1.2:7
	rule add dnat dst 9.50 proto udp dst-port 81 dnat target 1.71-1.74:7
	rule add dnat dst 9.50 proto udp dst-port 82 dnat target 1.71:100-109
	rule add dnat dst 9.50 proto udp dst-port 100-109 dnat target 1.71:105-120
	rule add dnat dst 9.50 proto udp dst-port 83 jump chain deeper
	rule add dnat dst 9.50 proto udp dst-port 84 dnat target 1.71:7 then continue
	rule add dnat dst 1.71 src-port 66 drop
	rule add dnat dst 9.50 proto icmp,icmpv6 dnat target 1.71:9
	rule add dnat dst 9.50 proto 47 dnat target 1.71-1.74
	rule add dnat dst 9.50 proto udp dst-port 86 dnat target 77.1:7
	rule add deeper dnat target 1.72:8 then return
	chain add out
	rule add out dst-rewritten true proto udp src-port 55 drop
	rule add out dst-rewritten !true proto udp src-port 56 drop
	rule add out dst-rewritten false proto udp src-port 57 drop
	router set r1 in-chain dnat out-chain out
	route add r1 dst 0/0 type reject
	route add r1 dst ::/0 type reject
E
lasting
gateway vm1 10.0.1.1 fd00:1::1
gateway vm2 10.0.1.1 fd00:1::1
gateway ext 10.0.9.1 fd00:9::1
r1=02:00:00:00:01:01
r9=02:00:00:00:09:01

# xa WORD... and ax: from ext's 9.77 to the address of the service, and back from 1.71
probe < <(sed "s/^\(\s*\)\([46] \)\?xa /\1\2ext packet to=$r9 src=9.77 dst=9.50 /
	s/^\(\s*\)\([46] \)\?ax /\1\2vm1 packet to=$r1 src=1.71 dst=9.77 /" <<-E
	vm1 serve 7
	ext udp 9.50 80 seen | echo, 9.2 * > 1.2 7 @0-2 | the first packet gets there, its answer comes from where it went
	wait
	ext tcp 9.50 80 bytes=200000 seen | open, 9.2 * > 1.2 7 | TCP
	ext udp 9.50 80 size=4000 seen | echo, 9.2 * > 1.2 7 | in fragments
	ext udp 1.2 7 seen | echo, 9.2 * > 1.2 7 | untranslated at the same time
	ext udp 9.50 85 | 3/3 9.1 | no rule, no translation: it is the router's own address
	ext tcp 9.50 85 | refused | nor of TCP
	wait
	xa udp sport=1 dport=81 | vm[12] udp 9.77 1 > 1.7[1234] 7 | a range: one of it
	xa udp sport=1000 dport=81 n=64 step=sport where | * at vm1, * at vm2 | which differs with the connection
	wait
	xa udp sport=1 dport=82 | vm1 udp 9.77 1 > 1.71 10? | a range of ports
	xa udp sport=1 dport=107 | vm1 udp 9.77 1 > 1.71 107 | a port in the target stays
	xa udp sport=1 dport=101 | vm1 udp 9.77 1 > 1.71 1[012]? | another one goes there
	xa udp sport=1 dport=83 | vm1 udp 9.77 1 > 1.72 8 | by jump
	xa udp sport=3 dport=84 | vm1 udp 9.77 3 > 1.71 7 | then continue
	xa udp sport=66 dport=84 | nothing | the next rules see the new destination
	xa echo id=5 | vm1 echo 9.77 > 1.71 id 5 | an echo request
	xa 47 | vm[12] 47 9.77 > 1.7[1234] | another protocol
	xa udp sport=1 dport=86 | 3/13 9.1 | the route is that of the new destination
	ext udp 9.50 86 | 3/13 9.1 | and the sender is told about what he sent
	wait
	ax udp sport=77 dport=99 | ext udp 1.71 77 > 9.77 99 | what is no answer is not undone
	ax reply id=5 | ext reply 9.50 > 9.77 id 5 | an echo reply comes from where the request went
	ax udp sport=107 dport=1 | ext udp 9.50 107 > 9.77 1 | and so does UDP
	wait
	xa tcp sport=1 dport=80 flags=A | nothing | a connection is not picked up in the middle
	# dst-rewritten
	xa udp sport=55 dport=84 | nothing | dst-rewritten holds
	ext packet udp to=$r9 src=9.77 dst=1.71 sport=55 dport=84 | vm1 udp * | not for what was not translated
	xa udp sport=56 dport=84 | vm1 udp * | nor does the opposite
	ext packet udp to=$r9 src=9.77 dst=1.71 sport=56 dport=84 | nothing | but for that
	xa udp sport=57 dport=84 | vm1 udp * | false is the opposite
	ext packet udp to=$r9 src=9.77 dst=1.71 sport=57 dport=84 | nothing | of true
E
)

# The choice sticks to the connection, and is a function of it.
ran() { "$tools/probe.py" $$ <<-E | sed -n 's/^got: \(.*\) after.*/\1/p'
	4 ext packet udp to=$r9 src=9.77 dst=9.50 sport=3000 dport=81 n=40 step=sport where | ? | ?
E
}
first=$(ran)
check_eq "each connection keeps what was chosen" "$(ran)" "$first"
setup midoctl flow flush
check_eq "whatever the flow table forgets" "$(ran)" "$first"
counted conn-invalid 2
