#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1 -- net1 -- r1 -- ext
#
# Addresses of which this host has some ports only: snat hands out those, and no
# others; who has one keeps it when the block goes.
. "$(dirname "$0")/lib.sh"
need jq

vm vm1 10.0.1.2/24 fd00:1::2/64
vm ext 10.0.9.2/24 fd00:9::2/64
topology <<-E
	bridge add net1
	router add r1
	port add net1:vm1 dev vm1
	port add net1:r
	port add r1:n1 mac 02:00:00:00:01:01 addresses 1.1/24 peer net1:r
	port add r1:ext mac 02:00:00:00:09:01 addresses 9.1/24,9.50/32,9.51/32 dev ext
	neighbour add r1:ext 9.77 mac $(mac_of ext)
	chain add out
	rule add out out-port r1:ext src 1.72 snat target 9.51:1024-65535
	rule add out out-port r1:ext src 1.73 snat target 9.50:3000-3007
	rule add out out-port r1:ext src 1.0/24 snat target 9.50:1024-65535
	router set r1 out-chain out
E
topology <<-E
	nat-block add r1 9.50 first-port 2000
	nat-block add r1 9.50 first-port 3000 count 16
E
lasting
r1=02:00:00:00:01:01
used() { json '[.[].used] | sort | join(" ")' nat-block list r1; }
check_eq "none is used" "$(used)" "0 0 0 0"
# out WORD...: from vm1's 1.71 to 9.77 by UDP
table() { sed "s/^\(\s*\)out /\1vm1 packet udp to=$r1 src=1.71 dst=9.77 /"; }
probe < <(table <<-E
	out sport=2010 | ext udp 9.50 2010 > 9.77 7 | a port of a block stays
	out sport=3015 | ext udp 9.50 3015 > 9.77 7 | of the other, too
	out sport=3016 | ext udp 9.50 [23]0?? > 9.77 7 | one behind it does not
	out sport=50000 | ext udp 9.50 [23]0?? > 9.77 7 | nor does another
	vm1 packet udp to=$r1 src=1.72 dst=9.77 sport=50000 | ext udp 9.51 50000 > 9.77 7 | an address without blocks has all ports
	vm1 packet echo to=$r1 src=1.71 dst=9.77 id=5 | ext echo 9.50 > 9.77 id [23]0?? | ids of echoes are ports, too
	wait
	out sport=100 n=76 step=sport | 76 arrived, 0 told | as many as there are ports
	wait
	out sport=200 n=5 step=sport | 0 arrived, 0 told | and no more
	vm1 packet udp to=$r1 src=1.73 dst=9.77 sport=5 | nothing | nor for a rule that has some of them
	out dport=8 sport=5 | ext udp 9.50 [23]0?? > 9.77 8 | but for another destination
	wait
E
)
check_eq "all are used" "$(used)" "16 16 64 64"
counted nat-exhausted 12
refused "an overlap" "overlaps the one of ports 2000 to 2063" midoctl nat-block add r1 10.0.9.50 first-port 2063
refused "beyond the last port" "65535" midoctl nat-block add r1 10.0.9.50 first-port 65530 count 7
refused "no router" "r9" midoctl nat-block add r9 10.0.9.50 first-port 5000
topology <<< "nat-block add r1 9.50 first-port 65530 count 6"
probe < <(table <<-E
	out sport=200 n=6 step=sport | 6 arrived, 0 told | another block
	wait
	out sport=300 | nothing | is used up, too
	wait
E
)
topology <<< "nat-block del r1 9.50 first-port 3000"
probe < <(table <<-E
	out sport=100 n=76 step=sport | 76 arrived, 0 told | a block goes: who has a port of it keeps it
	out sport=3015 | ext udp 9.50 3015 > 9.77 7 | each its own
	out dport=9 sport=3015 | ext udp 9.50 [26]* > 9.77 9 | what is new does not get one
	vm1 packet udp to=$r1 src=1.73 dst=9.77 sport=6 dport=9 | nothing | nor for a rule that has no others
	wait
E
)
topology <<-E
	nat-block del r1 9.50 first-port 2000
	nat-block del r1 9.50 first-port 65530
E
probe < <(table <<-E
	out sport=50001 | ext udp 9.50 50001 > 9.77 7 | without blocks all ports are this host's again
	vm1 packet udp to=$r1 src=1.73 dst=9.77 sport=3001 dport=10 | ext udp 9.50 3001 > 9.77 10 | for all rules
E
)
