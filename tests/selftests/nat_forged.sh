#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1 (out-chain sg) -- net1 -- r1 -- ext (hostile)
#
# ICMP errors about packets nobody sent, with quotes that are broken, strange or of
# others: nobody is told, and no connection changes. One that is true arrives, and
# changes nothing either.
. "$(dirname "$0")/lib.sh"
need jq

vm vm1 10.0.1.2/24 fd00:1::2/64
vm ext 10.0.9.2/24 fd00:9::2/64
topology <<-E
	bridge add net1
	router add r1
	chain add sg
	chain add out
	rule add sg ethertype arp accept
	rule add sg state established,related accept
	rule add sg icmp-type 135,136 accept
	rule add sg drop
	port add net1:vm1 dev vm1 out-chain sg
	port add net1:r
	port add r1:n1 mac 02:00:00:00:01:01 addresses 1.1/24 peer net1:r
	port add r1:ext mac 02:00:00:00:09:01 addresses 9.1/24,9.50/32 dev ext
	rule add out out-port r1:ext snat target 9.50:2000-2299
	neighbour add r1:ext 9.77 mac $(mac_of ext)
	neighbour add r1:n1 1.71 mac $(mac_of vm1)
	router set r1 out-chain out
E
lasting
r1=02:00:00:00:01:01
r9=02:00:00:00:09:01
probe <<-E
	vm1 packet udp to=$r1 src=1.71 dst=9.77 sport=2000 | ext udp 9.50 2000 > 9.77 7 | a connection
	vm1 packet tcp to=$r1 src=1.71 dst=9.77 sport=2005 | ext tcp 9.50 2005 > 9.77 7 S | of TCP
	vm1 packet echo to=$r1 src=1.71 dst=9.77 id=2000 | ext echo 9.50 > 9.77 id 2000 | and of echoes
	wait
	ext packet tcp to=$r9 src=9.77 dst=9.50 sport=7 dport=2005 flags=SA | vm1 tcp 9.77 7 > 1.71 2005 SA | which is answered
	wait
E
# What connections are, but for how long.
conns() { midoctl conn save - | jq -cS 'del(.age, .expires)' | sort; }
told() { json '.[] | select(.name == "net1:vm1") | .["tx-packets"]' stats port; }
expires() { json '[.[].expires] | max' conn list; }
before=$(conns) told=$(told) expires=$(expires)
"$here/nat_forged.py" $r9 "$(mac_of ext)" > "$scratch/frames"
check "$(wc -l < "$scratch/frames") forged errors" test "$(wc -l < "$scratch/frames")" -gt 200
# Others come at last, so all are through.
# shellcheck disable=SC2046 # a list
setup frame ext $(cat "$scratch/frames")
probe <<-E
	ext packet udp to=$r9 src=9.77 dst=9.50 sport=7 dport=2000 | vm1 udp 9.77 7 > 1.71 2000 | an answer
	wait
E
check_eq "nobody was told" $(($(told) - told)) 2
check_eq "no connection came, went or changed" "$(conns)" \
	"$(sed '/"udp"/s/"answered":false/"answered":true/; /"udp"/s/"unanswered"/"answered"/' <<< "$before" | sort)"
before=$(conns)
probe <<-E
	ext packet error to=$r9 src=9.77 dst=9.50 error=3/3 about=tcp qsrc=9.50 qdst=9.77 qsport=2005 qdport=7 | vm1 3/3 9.77 > 1.71 about tcp 1.71 2005 > 9.77 7 S | one that is true
	ext packet error to=$r9 src=9.77 dst=9.50 error=3/1 about=echo qsrc=9.50 qdst=9.77 qid=2000 | vm1 3/1 9.77 > 1.71 about echo 1.71 > 9.77 id 2000 | and another
	wait
E
check_eq "changes nothing either" "$(conns)" "$before"
check "nor keeps anything alive" test "$(expires)" -le "$expires"
