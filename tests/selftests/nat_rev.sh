#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1 -- net1 -- r1 -- ext
#
# What the chains of a router see of answers: the initiator's source is undone before
# the in-chain, his destination behind the out-chain, or where rev-dnat says. Rules of
# rev-snat and rev-dnat match answers that have such a binding, and nothing else. What
# a packet is to meet is said by its DSCP.
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
	port add r1:ext mac 02:00:00:00:09:01 addresses 9.1/24,9.50/32 dev ext
	neighbour add r1:ext 9.77 mac $(mac_of ext)
	neighbour add r1:n1 1.71 mac $(mac_of vm1)
	chain add in
	chain add out
	chain add back
	rule add back rev-snat then return
	rule add back drop
	rule add in in-port r1:ext dst 9.50 proto udp dst-port 80-89 dnat target 1.71:7
	rule add in in-port r1:ext dscp 1 rev-snat
	rule add in in-port r1:ext dscp 1 drop
	rule add in in-port r1:ext dscp 2 jump chain back
	rule add in in-port r1:ext dscp 2 dst-port 2002 drop
	rule add in in-port r1:n1 dscp 3 rev-dnat then continue
	rule add in in-port r1:n1 dscp 3 src 1.71 drop
	rule add in in-port r1:n1 dscp 4 src 1.71 drop
	rule add in in-port r1:n1 dscp 5 rev-dnat
	rule add in in-port r1:n1 dscp 5 drop
	rule add in in-port r1:n1 dscp 6 rev-snat
	rule add in in-port r1:n1 dscp 6 drop
	rule add in in-port r1:ext dscp 9 dst 9.50 drop
	rule add out out-port r1:ext dscp 7 src 9.50 drop
	rule add out out-port r1:ext dscp 7 rev-dnat then continue
	rule add out out-port r1:ext dscp 7 src 1.71 drop
	rule add out out-port r1:n1 dscp 8 rev-snat
	rule add out out-port r1:n1 dscp 8 drop
	rule add out out-port r1:ext dscp 10 src 9.50 drop
	rule add out out-port r1:n1 dscp 11 dst-rewritten true drop
	rule add out out-port r1:ext src 1.0/24 snat target 9.50:2000-2999
	router set r1 in-chain in out-chain out
E
lasting
r1=02:00:00:00:01:01
r9=02:00:00:00:09:01

# out and in: packets of initiators; back and answer: what answers those
words() {
	sed "s/^\(\s*\)out /\1vm1 packet udp to=$r1 src=1.71 dst=9.77 /
	s/^\(\s*\)in /\1ext packet udp to=$r9 src=9.77 /
	s/^\(\s*\)back /\1ext packet udp to=$r9 src=9.77 dst=9.50 sport=7 /
	s/^\(\s*\)answer /\1vm1 packet udp to=$r1 src=1.71 dst=9.77 sport=7 dport=9 /
	s/^\(\s*\)error /\1ext packet error to=$r9 src=9.77 dst=9.50 error=3\/3 about=udp qsrc=9.50 qdst=9.77 /
	s/^\(\s*\)unheard /\1vm1 packet error to=$r1 src=1.71 dst=9.77 error=3\/3 about=udp qsrc=9.77 qdst=1.71 qsport=9 qdport=7 /"
}
probe < <(words <<-E
	out sport=2001 | ext udp 9.50 2001 > 9.77 7 | a connection
	out sport=2002 | ext udp 9.50 2002 > 9.77 7 | and another
	in dst=9.50 sport=9 dport=80 | vm1 udp 9.77 9 > 1.71 7 | one from outside
	wait
	back dport=2001 dscp=9 | vm1 udp 9.77 7 > 1.71 2001 | the in-chain sees answers undone
	back dport=2001 dscp=1 | vm1 udp 9.77 7 > 1.71 2001 | rev-snat matches an answer
	in dst=1.71 sport=5 dport=5 dscp=1 | nothing | and nothing that has no binding
	back dport=2001 dscp=2 | vm1 udp 9.77 7 > 1.71 2001 | then return
	back dport=2002 dscp=2 | nothing | to the chain that jumped
	answer dscp=3 | ext udp 9.50 80 > 9.77 9 | rev-dnat undoes it there, for the rules that follow
	answer dscp=4 | nothing | without it they see who answers
	answer dscp=5 | ext udp 9.50 80 > 9.77 9 | rev-dnat matches an answer
	out sport=2001 dscp=5 | nothing | but no packet of an initiator
	out sport=2001 dscp=6 | nothing | nor does rev-snat
	answer dscp=6 | nothing | which is about another binding
	answer dscp=7 | ext udp 9.50 80 > 9.77 9 | in the out-chain it is undone by rev-dnat, not before
	answer dscp=10 | ext udp 9.50 80 > 9.77 9 | or behind it
	back dport=2001 dscp=8 | vm1 udp 9.77 7 > 1.71 2001 | rev-snat in the out-chain, long undone
	in dst=1.71 sport=5 dport=6 dscp=8 | nothing | nothing else
	wait
	error qsport=2001 qdport=7 dscp=9 | vm1 3/3 9.77 > 1.71 about udp 1.71 2001 > 9.77 7 | the in-chain sees errors undone
	error qsport=2001 qdport=7 dscp=1 | vm1 3/3 9.77 > 1.71 about udp 1.71 2001 > 9.77 7 | rev-snat matches an error about the connection
	error qsport=2999 qdport=7 dscp=1 | nothing | not one about nothing
	error qsport=2001 qdport=7 dscp=8 | vm1 3/3 9.77 > 1.71 about udp 1.71 2001 > 9.77 7 | in the out-chain, too
	error qsport=2001 qdport=7 dscp=11 | nothing | its destination was rewritten
	unheard dscp=5 | ext 3/3 9.50 > 9.77 about udp 9.77 9 > 9.50 80 | rev-dnat matches one, too
	unheard dscp=3 | ext 3/3 9.50 > 9.77 about udp 9.77 9 > 9.50 80 | and undoes it there
	unheard dscp=4 | nothing | not without it
	unheard dscp=7 | ext 3/3 9.50 > 9.77 about udp 9.77 9 > 9.50 80 | or in the out-chain
	unheard | ext 3/3 9.50 > 9.77 about udp 9.77 9 > 9.50 80 | or behind it
	unheard dscp=6 | nothing | which is about another binding
	wait
	back dport=2001 | vm1 udp 9.77 7 > 1.71 2001 | no rule is needed
	answer | ext udp 9.50 80 > 9.77 9 | for either
E
)
