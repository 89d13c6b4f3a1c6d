#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1, vm2 -- net1 -- r1 -- ext
#
# Translations and the flow table: established connections are walked no more, what
# ends them is seen nevertheless, and what policy says now holds for the next packet.
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
	port add r1:ext mac 02:00:00:00:09:01 addresses 9.1/24,9.50/32,9.51/32 dev ext
	neighbour add r1:ext 9.77 mac $(mac_of ext)
	neighbour add r1:n1 1.71 mac $(mac_of vm1)
	neighbour add r1:n1 1.72 mac $(mac_of vm2)
	mac add net1 $(mac_of vm1) port vm1
	mac add net1 $(mac_of vm2) port vm2
	chain add in
	chain add out
	rule add in dst 9.51 proto tcp,udp dst-port 80 dnat target 1.71:7
	rule add out out-port r1:ext src 1.0/24 snat target 9.50:2000-2099
	router set r1 in-chain in out-chain out
E
lasting
gateway vm1 10.0.1.1 fd00:1::1
gateway vm2 10.0.1.1 fd00:1::1
r1=02:00:00:00:01:01
r9=02:00:00:00:09:01

# Both directions are cached, and count what crosses.
probe <<-E
	ext serve 7
	vm1 packet udp to=$r1 src=1.71 dst=9.77 sport=2001 | ext udp 9.50 2001 * | there
	wait
	ext packet udp to=$r9 src=9.77 dst=9.50 sport=7 dport=2001 | vm1 udp * | back
	wait
	vm1 packet udp to=$r1 src=1.71 dst=9.77 sport=2001 n=30 | 30 arrived, 0 told | thirty there
	wait
	ext packet udp to=$r9 src=9.77 dst=9.50 sport=7 dport=2001 n=30 | 30 arrived, 0 told | thirty back
	vm1 tcp 9.2 7 bytes=3000000 seen | open, 9.50 * > 9.2 7 | a lot of TCP
E
flows=$(midoctl -j flow list)
# hits IN-PORT FILTER: packets that flows counted
hits() { jq "[.[] | select(.[\"in-port\"] == \"$1\" and .stateful and ($2)) | .packets] | add // 0" <<< "$flows"; }
check "UDP there is cached" test "$(hits net1:vm1 '.key.proto == "udp"')" -ge 60
check "UDP back is cached" test "$(hits r1:ext '.key.proto == "udp"')" -ge 60
segs=$((2 * 3000000 / 1448))
check "TCP there is cached" test "$(hits net1:vm1 '.key.proto == "tcp"')" -ge $((segs - 50))
check "TCP back is cached" test "$(hits r1:ext '.key.proto == "tcp"')" -ge 20
check "no flow of a connection is without it" test "$(jq '[.[] | select(.stateful | not) |
	select(.key.proto == "tcp")] | length' <<< "$flows")" = 0

# Ends are seen on hits.
probe <<-E
	ext serve 7
	vm1 talk A 9.2 7 sport=40001 | heard* | one that is closed
	vm1 talk B 9.2 7 sport=40002 | heard* | one that is reset
	vm1 talk C 9.2 7 sport=40003 | heard* | one that stays
	wait
	vm1 talk A | heard* | by the flow table
	vm1 talk B | heard* | by the flow table
	wait
	vm1 close A
	vm1 abort B
	sleep 0.5
	do bash -c "midoctl -j conn list > $scratch/list"
E
phase() { jq -r "[.[] | select(.proto == \"tcp\" and .[\"src-port\"] == $1) | .state] | unique | join(\" \")" "$scratch/list"; }
check_eq "FIN" "$(phase 40001)" fin-wait
check_eq "RST" "$(phase 40002)" closed
check_eq "neither" "$(phase 40003)" established

# Policy is now.
out() { echo "vm1 packet tcp to=$r1 src=1.71 dst=9.77 sport=2050"; }
back() { echo "ext packet tcp to=$r9 src=9.77 dst=9.50 sport=7 dport=2050"; }
# change HOST PORTS: another target of the rules
change() {
	echo "rule set out pos 1 target 10.0.9.$1:$2"
	echo "rule set out pos 2 target [fd00:9::$1]:$2"
}
change 50 1500-2500 > "$scratch/wide"
change 51 1500-2500 > "$scratch/other"
printf 'rule del out pos 1\nrule del out pos 1\n' > "$scratch/none"
printf 'rule add out src 10.0.1.0/24 snat target 10.0.9.50:2000-2099\nrule add out src fd00:1::/64 snat target [fd00:9::50]:2000-2099\n' > "$scratch/again"
printf 'rule set in pos 1 target 10.0.1.72:7\nrule set in pos 2 target [fd00:1::72]:7\n' > "$scratch/dnat"
probe <<-E
	$(out) flags=S | ext tcp 9.50 2050 > 9.77 7 S | a connection
	vm1 packet udp to=$r1 src=1.71 dst=9.77 sport=2051 | ext udp 9.50 2051 > 9.77 7 | and one of UDP
	wait
	$(back) flags=SA | vm1 tcp * SA | its answer
	wait
	$(out) flags=A | ext tcp 9.50 2050 > 9.77 7 A | established
	wait
	$(out) flags=A | ext tcp 9.50 2050 > 9.77 7 A | and cached
	$(back) flags=A | vm1 tcp 9.77 7 > 1.71 2050 A | both ways
	wait
	do midoctl rule add out pos 1 dst 9.77 drop
	$(out) flags=A | nothing | a rule that drops holds at once
	$(back) flags=A | vm1 tcp 9.77 7 > 1.71 2050 A | for what it matches
	wait
	do midoctl rule del out pos 1
	do midoctl rule del out pos 1
	$(out) flags=A | ext tcp 9.50 2050 > 9.77 7 A | without it, all is as before
	wait
	do midoctl batch $scratch/wide
	$(out) flags=A | ext tcp 9.50 2050 > 9.77 7 A | a binding that fits another target is kept
	$(back) flags=A | vm1 tcp 9.77 7 > 1.71 2050 A | there and back
	vm1 packet udp to=$r1 src=1.71 dst=9.77 sport=2051 | ext udp 9.50 2051 > 9.77 7 | of UDP, too
	wait
	do midoctl batch $scratch/other
	$(out) flags=A | nothing | one that does not is not kept, and TCP cannot change
	vm1 packet udp to=$r1 src=1.71 dst=9.77 sport=2051 | ext udp 9.51 2051 > 9.77 7 | UDP can
	wait
	do midoctl batch $scratch/wide
	$(out) flags=A | ext tcp 9.50 2050 > 9.77 7 A | back to what it was
	wait
	do midoctl batch $scratch/none
	$(out) flags=A | ext tcp 1.71 2050 > 9.77 7 A | no matching rule, no translation
	vm1 packet udp to=$r1 src=1.71 dst=9.77 sport=2051 | ext udp 1.71 2051 > 9.77 7 | connection or not
	wait
	do midoctl batch $scratch/again
	$(out) flags=A | nothing | a new rule does not pick up TCP in the middle
	vm1 packet udp to=$r1 src=1.71 dst=9.77 sport=2051 | ext udp 9.50 2051 > 9.77 7 | but UDP
	wait
	$(out) flags=S | ext tcp 9.50 2050 > 9.77 7 S | and what begins
	wait
	$(back) flags=SA | vm1 tcp * SA | which is answered
	ext packet udp to=$r9 src=9.77 dst=9.51 sport=9 dport=80 | vm1 udp 9.77 9 > 1.71 7 | a translated destination
	wait
	vm1 packet udp to=$r1 src=1.71 dst=9.77 sport=7 dport=9 | ext udp 9.51 80 > 9.77 9 | its answer
	wait
	do midoctl batch $scratch/dnat
	ext packet udp to=$r9 src=9.77 dst=9.51 sport=9 dport=80 | vm2 udp 9.77 9 > 1.72 7 | becomes another
	wait
	vm2 packet udp to=$r1 src=1.72 dst=9.77 sport=7 dport=9 | ext udp 9.51 80 > 9.77 9 | which answers
	vm1 packet udp to=$r1 src=1.71 dst=9.77 sport=7 dport=9 | ext udp 9.50 * > 9.77 9 | who was it before does not
	wait
	do midoctl conn flush
	vm1 packet udp to=$r1 src=1.71 dst=9.77 sport=2051 | ext udp 9.50 2051 > 9.77 7 | a connection that was flushed begins anew
	$(out) flags=A | nothing | but not TCP in the middle
E
