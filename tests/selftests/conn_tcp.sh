#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1 -- net0 -- vm2
#
# How far connections are, how long they stay, and what keeps them.
. "$(dirname "$0")/lib.sh"
need jq

vm vm1 10.0.1.2/24 fd00:1::2/64
vm vm2 10.0.1.3/24 fd00:1::3/64
topology <<-E
	bridge add net0
	port add net0:vm1 dev vm1
	port add net0:vm2 dev vm2
	chain add c
	rule add c state invalid drop
	bridge set net0 out-chain c
E
setup sysctl -qw net.midonet.timeout_tcp_syn=1000 net.midonet.timeout_tcp_established=2000 \
	net.midonet.timeout_tcp_fin=3000 net.midonet.timeout_tcp_close=4000 \
	net.midonet.timeout_udp=5000 net.midonet.timeout_udp_answered=6000 \
	net.midonet.timeout_icmp=7000 net.midonet.timeout_generic=8000

# ab and ba: from vm1's 1.71 to vm2's 1.72, which nobody has, and back; each pair of
# addresses of its own tells one case
probe < <(sed 's/^\(\s*\)ab \([0-9]*\) /\1vm1 packet to=vm2 src=1.71 dst=1.72 sport=\2 dport=7 id=\2 /
	s/^\(\s*\)ba \([0-9]*\) /\1vm2 packet to=vm1 src=1.72 dst=1.71 sport=7 dport=\2 id=\2 /' <<-E
	ab 1 tcp flags=S | vm2 * | SYN
	ab 2 tcp flags=S | vm2 * | SYN
	ab 3 tcp flags=S | vm2 * | SYN
	ab 4 tcp flags=S | vm2 * | SYN
	ab 5 tcp flags=S | vm2 * | SYN
	ab 6 tcp flags=A | vm2 * | ACK in the middle
	ab 7 tcp flags=S | vm2 * | SYN
	ab 8 tcp flags=S | vm2 * | SYN
	ab 9 tcp flags=S | vm2 * | SYN
	ab 10 tcp flags=S | vm2 * | SYN
	ab 11 udp | vm2 * | UDP
	ab 12 udp | vm2 * | UDP
	ab 13 echo | vm2 * | echo
	ab 14 132 | vm2 * | SCTP by hand
	vm1 packet 47 to=vm2 src=1.71 dst=1.72 | vm2 * | protocol 47
	wait
	ba 2 tcp flags=SA | vm1 * | SYN ACK
	ba 3 tcp flags=SA | vm1 * | SYN ACK
	ba 4 tcp flags=SA | vm1 * | SYN ACK
	ba 5 tcp flags=SA | vm1 * | SYN ACK
	ba 6 tcp flags=A | vm1 * | ACK of it
	ba 7 tcp flags=S | vm1 * | SYN at once
	ba 8 tcp flags=SA | vm1 * | SYN ACK
	ba 9 tcp flags=SA | vm1 * | SYN ACK
	ba 10 tcp flags=RA | vm1 * | refused
	ba 12 udp | vm1 * | UDP back
	ba 13 reply | vm1 * | echo reply
	wait
	ab 3 tcp flags=A | vm2 * | ACK
	ab 4 tcp flags=A | vm2 * | ACK
	ab 5 tcp flags=A | vm2 * | ACK
	ab 8 tcp flags=A | vm2 * | ACK
	ab 9 tcp flags=A | vm2 * | ACK
	wait
	ab 8 tcp flags=A n=20 | 20 arrived* | data by the flow table
	wait
	ba 8 tcp flags=A n=20 | 20 arrived* | and back
	wait
	ab 4 tcp flags=FA | vm2 * | FIN
	ab 5 tcp flags=R | vm2 * | RST
	ba 9 tcp flags=FA | vm1 * | FIN of the other
	wait
	ab 8 tcp flags=FA | vm2 * | FIN
	ab 9 tcp flags=FA | vm2 * | both
	wait
E
)
list=$(midoctl -j conn list)
# phase PORT PHASE TIMEOUT DESCRIPTION
phase() {
	local got
	got=$(jq -r ".[] | select(.[\"src-port\"] == $1 and (.proto == \"${5:-tcp}\")) |
		.state + \" \" + (.expires <= $3 + 60 and .expires > $3 - 120 | tostring)" <<< "$list" | xargs)
	check_eq "$4: $2, its time" "$got" "$2 true $2 true"
}
phase 1 syn-sent 1000 "SYN"
phase 2 syn-received 1000 "SYN, SYN ACK"
phase 3 established 2000 "SYN, SYN ACK, ACK"
phase 4 fin-wait 3000 "FIN"
phase 5 closed 4000 "RST"
phase 6 established 2000 "begun in the middle"
phase 7 syn-received 1000 "both said SYN"
phase 8 fin-wait 3000 "FIN, seen by a flow"
phase 9 fin-wait 3000 "FIN of both"
phase 10 closed 4000 "refused"
phase 11 unanswered 5000 "a datagram" udp
phase 12 answered 6000 "two datagrams" udp
check_eq "an echo" "$(jq -r '[.[] | select(.["icmp-id"] == 13) | .state, (.expires | . > 6800 and . < 7100)] |
	join(" ")' <<< "$list")" "answered true answered true"
check_eq "another protocol" "$(jq -r '[.[] | select(.proto == "47" or .proto == "gre") | .state,
	(.expires | . > 7800 and . < 8100)] | join(" ")' <<< "$list")" "unanswered true unanswered true"
check_eq "all of one device, from here" "$(jq -r '[.[] | .device + " " + .origin] | unique | join(" ")' <<< "$list")" \
	"net0 local"

# They end, and what is used does not.
setup midoctl conn flush
setup sysctl -qw net.midonet.timeout_tcp_syn=1 net.midonet.timeout_tcp_established=3 \
	net.midonet.timeout_tcp_fin=1 net.midonet.timeout_tcp_close=1 net.midonet.timeout_udp=1 \
	net.midonet.timeout_udp_answered=1 net.midonet.timeout_icmp=1 net.midonet.timeout_generic=1 \
	net.midonet.flow_idle=1
probe <<-E
	vm2 serve 7
	vm1 talk A 1.3 7 | heard* | somebody talks
	wait
	vm1 packet udp to=vm2 src=1.71 dst=1.72 n=20 step=sport | 20 arrived* | others do not
	wait
	vm1 packet tcp to=vm2 src=1.71 dst=1.72 n=20 step=sport | 20 arrived* | nor do these
	wait
	sleep 2.5
	vm1 talk A | heard* | still
	wait
	sleep 2.5
	vm1 talk A | heard* | and still
	wait
	sleep 2.5
	vm1 talk A | heard* | and again
	wait
	do sysctl -qw net.midonet.tcp_loose=0
	sleep 2.5
	vm1 talk A | heard* | who is used stays, although no packet may begin it again
	wait
	do sysctl -qw net.midonet.tcp_loose=1
E
check "what nobody uses ends" wait_for 15 test "$(json .count conn count)" -le 2
none() { [ "$(json .count conn count)" = 0 ]; }
check "and when the last has gone there are none" wait_for 20 none
