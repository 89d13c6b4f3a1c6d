#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1 -- net0 -- vm2
#
# What a packet is to the connections of a device: state and direction. The bridge
# lets a packet of DSCP 1 pass if it is new, of 2 if it is established, and so on.
. "$(dirname "$0")/lib.sh"
need jq

vm vm1
vm vm2
topology <<-E
	bridge add net0
	port add net0:vm1 dev vm1
	port add net0:vm2 dev vm2
	chain add is-new
	rule add is-new state new accept
	rule add is-new drop
	chain add is-est
	rule add is-est state established accept
	rule add is-est drop
	chain add is-rel
	rule add is-rel state related accept
	rule add is-rel drop
	chain add is-inv
	rule add is-inv state invalid accept
	rule add is-inv drop
	chain add is-unt
	rule add is-unt state untracked accept
	rule add is-unt drop
	chain add is-forward
	rule add is-forward direction forward accept
	rule add is-forward drop
	chain add is-return
	rule add is-return direction return accept
	rule add is-return drop
	chain add has-no-way
	rule add has-no-way direction forward,return drop
	rule add has-no-way direction !forward,return drop
	rule add has-no-way accept
	chain add spy
	rule add spy dscp 1 jump chain is-new
	rule add spy dscp 2 jump chain is-est
	rule add spy dscp 3 jump chain is-rel
	rule add spy dscp 4 jump chain is-inv
	rule add spy dscp 5 jump chain is-unt
	rule add spy dscp 6 jump chain is-forward
	rule add spy dscp 7 jump chain is-return
	rule add spy dscp 8 jump chain has-no-way
	rule add spy dscp 9 state new drop
	bridge set net0 out-chain spy
E
lasting

# ab KIND WORD... and ba: from vm1's 1.71 to vm2's 1.72, and back
table=$(sed 's/^\(\s*\)\([46] \)\?ab /\1\2vm1 packet to=vm2 src=1.71 dst=1.72 /
	s/^\(\s*\)\([46] \)\?ba /\1\2vm2 packet to=vm1 src=1.72 dst=1.71 /' <<-E
	ab udp dscp=4 | nothing | UDP is never invalid
	wait
	ab udp dscp=9 | nothing | what is dropped begins no connection
	wait
	ba udp sport=7 dport=5000 dscp=1 | vm1 udp 1.72 7 > 1.71 5000 | so its answer is new
	wait
	ab udp dscp=2 | vm2 udp * | and the first one to it established
	wait
	ab udp sport=1 dscp=1 | vm2 udp 1.71 1 > 1.72 7 | a first datagram is new
	wait
	ab udp sport=1 dscp=1 | vm2 udp * | and so is the next one, unanswered
	ab udp sport=1 dscp=6 | vm2 udp * | it goes forward
	wait
	ba udp sport=7 dport=1 dscp=2 | vm1 udp * | the answer is established
	wait
	ba udp sport=7 dport=1 dscp=7 | vm1 udp * | and goes back
	ab udp sport=1 dscp=2 | vm2 udp * | answered: established
	ab udp sport=1 dscp=6 | vm2 udp * | still forward
	ab udp sport=1 dscp=1 | nothing | and no longer new
	ab udp sport=1 dscp=7 | nothing | no answer
	ba udp sport=7 dport=1 dscp=6 | nothing | nor does the answer go forward
	wait
	ba udp sport=8 dport=1 dscp=1 | vm1 udp * | from another port: a new one
	wait
	# TCP
	ab tcp flags=S dscp=1 | vm2 tcp * S | SYN is new
	wait
	ab tcp flags=S dscp=1 | vm2 tcp * S | SYN again, too
	wait
	ba tcp sport=7 dport=5000 flags=SA dscp=2 | vm1 tcp * SA | SYN ACK is established
	wait
	ab tcp flags=A dscp=2 | vm2 tcp * A | ACK is established
	wait
	ab tcp flags=AP dscp=2 | vm2 tcp * AP | data
	ab tcp flags=AP dscp=6 | vm2 tcp * AP | data forward
	ba tcp sport=7 dport=5000 flags=AP dscp=7 | vm1 tcp * AP | data back
	wait
	ab tcp flags=FA dscp=2 | vm2 tcp * AF | FIN
	wait
	ba tcp sport=7 dport=5000 flags=A dscp=2 | vm1 tcp * A | its ACK
	ab tcp flags=S dscp=1 | nothing | a SYN of a connection that is half closed is not new
	wait
	ba tcp sport=7 dport=5000 flags=FA dscp=2 | vm1 tcp * AF | FIN of the other side
	wait
	ab tcp flags=A dscp=2 | vm2 tcp * A | the last ACK
	wait
	ab tcp flags=S dscp=1 | vm2 tcp * S | a SYN of the same ports is new when both have said FIN
	wait
	ba tcp sport=7 dport=5000 flags=RA dscp=2 | vm1 tcp * AR | refused
	wait
	ba tcp sport=7 dport=5000 flags=S dscp=1 | vm1 tcp * S | a SYN after a RST is new, whoever sends it
	wait
	ba tcp sport=7 dport=5000 flags=S dscp=6 | vm1 tcp * S | and now goes forward
	ab tcp flags=SA dscp=7 | vm2 tcp * SA | its answer back
	wait
	ab tcp sport=20 flags=S dscp=1 | vm2 tcp * S | both say SYN at once: one
	wait
	ba tcp sport=7 dport=20 flags=S dscp=2 | vm1 tcp * S | and the other
	wait
	ab tcp sport=20 flags=A dscp=2 | vm2 tcp * A | then it is established
	ab tcp sport=21 flags=SA dscp=4 | vm2 tcp * SA | SYN ACK out of nowhere is invalid
	ab tcp sport=21 flags=R dscp=4 | vm2 tcp * R | RST out of nowhere is invalid
	ab tcp sport=21 flags=FA dscp=4 | vm2 tcp * AF | FIN out of nowhere is invalid
	ab tcp sport=21 flags=SF dscp=4 | vm2 tcp * SF | SYN FIN is invalid
	ab tcp sport=21 flags=SA dscp=8 | vm2 tcp * SA | and has no direction
	wait
	ab tcp sport=22 flags=AP dscp=1 | vm2 tcp * AP | in the middle: new
	wait
	ba tcp sport=7 dport=22 flags=AP dscp=2 | vm1 tcp * AP | answered: established
	wait
	do sysctl -qw net.midonet.tcp_loose=0
	ab tcp sport=23 flags=AP dscp=4 | vm2 tcp * AP | tcp_loose 0: invalid
	ab tcp sport=22 flags=AP dscp=2 | vm2 tcp * AP | what was there stays
	wait
	do sysctl -qw net.midonet.tcp_loose=1
	# ICMP
	ab reply id=7 dscp=4 | vm2 reply * | an echo reply out of nowhere is invalid
	wait
	ab echo id=7 dscp=1 | vm2 echo 1.71 > 1.72 id 7 | an echo request is new
	wait
	ba reply id=7 dscp=2 | vm1 reply 1.72 > 1.71 id 7 | its answer established
	wait
	ab echo id=7 dscp=2 | vm2 echo * | and so is the next request
	ba reply id=8 dscp=4 | vm1 reply * | an answer of another id is not
	ba echo id=7 dscp=1 | vm1 echo * | a request back is of another connection
	# other protocols
	ab 47 dscp=1 | vm2 47 1.71 > 1.72 | another protocol is new
	ab 46 dscp=1 | vm2 46 * | each its own
	ab sctp dscp=1 | vm2 sctp 1.71 5000 > 1.72 7 | SCTP has ports
	wait
	ba 47 dscp=2 | vm1 47 * | answered: established
	ba sctp sport=7 dport=5000 dscp=2 | vm1 sctp * | answered: established
	ba sctp sport=8 dport=5000 dscp=1 | vm1 sctp * | another port: new
	# errors
	ba error error=3/3 about=udp qsrc=1.71 qdst=1.72 qsport=1 qdport=7 dscp=3 | vm1 3/3 * about udp 1.71 1 > 1.72 7 | an error about a connection is related
	ab error error=3/3 about=udp qsrc=1.72 qdst=1.71 qsport=7 qdport=1 dscp=3 | vm2 3/3 * | about its answers, too
	wait
	ba error error=3/3 about=udp qsrc=1.71 qdst=1.72 qsport=1 qdport=7 short dscp=3 | vm1 3/3 * | whatever it quotes more
	wait
	vm2 packet error to=vm1 src=1.99 dst=1.71 error=11/0 about=tcp qsrc=1.71 qdst=1.72 qsport=22 qdport=7 dscp=3 | vm1 11/0 1.99 > 1.71 about tcp 1.71 22 > 1.72 7* | from somebody on the way
	ba error error=3/1 about=echo qsrc=1.71 qdst=1.72 qid=7 dscp=3 | vm1 3/1 * | about an echo request
	ba error error=3/2 about=47 qsrc=1.71 qdst=1.72 dscp=3 | vm1 3/2 * | about another protocol
	ba error error=3/4 mtu=1400 about=tcp qsrc=1.71 qdst=1.72 qsport=22 qdport=7 dscp=3 | vm1 3/4 * | packet too big
	ba error error=3/3 about=udp qsrc=1.71 qdst=1.72 qsport=99 qdport=7 dscp=4 | vm1 3/3 * | about nothing: invalid
	wait
	ba error error=3/3 about=udp qsrc=1.71 qdst=1.72 qsport=1 qdport=7 short=2 dscp=4 | vm1 3/3 * | it quotes too little: invalid
	wait
	ba error error=3/3 about=udp qsrc=1.71 qdst=1.72 qsport=1 qdport=7 dscp=7 | vm1 3/3 * | an error goes back when what it is about went forward
	wait
	# fragments
	ab udp sport=31 size=1000 cut=200 dscp=1 | vm2 udp 1.71 31 > 1.72 7 5 fragments | fragments are as their first: new
	wait
	ba udp sport=7 dport=31 size=1000 cut=200 only=5,4,3,2,1 dscp=2 | vm1 udp * 5 fragments | established, in another order
	wait
	ab udp sport=31 size=1000 cut=200 dscp=1 | nothing | none is new any more
	wait
	ab udp sport=31 size=1000 cut=200 ident=7 only=2 dscp=4 wait=2 | 1 fragments at vm2 | without their first they are invalid
	wait
	# untracked
	4 vm1 packet udp to=01:00:5e:01:01:01 src=1.71 dst=239.1.1.1 dscp=5 | vm2 udp * | multicast is untracked
	6 vm1 packet udp to=33:33:00:00:00:77 src=1.71 dst=ff0e::77 dscp=5 | vm2 udp * | multicast is untracked
	4 vm1 packet udp to=ff:ff:ff:ff:ff:ff src=1.71 dst=255.255.255.255 dscp=5 | vm2 udp * | broadcast is untracked
	4 vm1 packet udp to=ff:ff:ff:ff:ff:ff src=1.71 dst=1.255 dscp=5 | vm2 udp * | to a subnet, too
	4 vm1 packet 2 to=vm2 src=1.71 dst=1.72 dscp=5 | vm2 2 * | IGMP is untracked
	4 vm1 packet udp to=01:00:5e:01:01:01 src=1.71 dst=239.1.1.1 dscp=8 | vm2 udp * | and has no direction
E
)
probe <<< "$table"
