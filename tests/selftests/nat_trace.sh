#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1 -- net1 -- r1 -- ext
#
# A trace says what would become of a packet, with the binding it would get or
# the one it has, and leaves nothing behind.
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
	mac add net1 $(mac_of vm1) port vm1
	chain add in
	chain add out
	chain add sg
	rule add in dst 9.50 proto udp dst-port 80 dnat target 1.71:7
	rule add out out-port r1:ext src 1.0/24 snat target 9.50:2000-2099
	rule add sg state invalid drop
	rule add sg state established accept
	router set r1 in-chain in out-chain out
	bridge set net1 in-chain sg
E
lasting
r1=02:00:00:00:01:01
r9=02:00:00:00:09:01
# is FILTER WANTED DESCRIPTION: of the trace in $t
is() { check_eq "$3" "$(jq -r "$1" <<< "$t")" "$2"; }
# says TEXT DESCRIPTION
says() { check "$2" grep -qF "$1" <<< "$(jq -r '.steps[].text' <<< "$t")"; }
n=0
for v in 4 6; do
	[ $v = 4 ] && a=10.0. b=. open= close= || a=fd00: b=:: open=[ close=]
	in=${a}1${b}71 far=${a}9${b}77 out=${a}9${b}50
	out_rule=out:$((v == 4 ? 1 : 2)) in_rule=in:$((v == 4 ? 1 : 2))
	there="net1:vm1 hw-dst $r1 src $in dst $far proto udp src-port 5 dst-port 53"
	back="r1:ext hw-dst $r9 src $far dst $out proto udp src-port 53"

	# shellcheck disable=SC2086 # words
	t=$(midoctl -j trace $there)
	is '.verdict + " " + .["packet-out"].src' "output $out" "before, IPv$v: what it would be"
	is '.["packet-out"]["src-port"] | . >= 2000 and . <= 2099' true "a port of the target"
	says "a new binding" "it would be new"
	says "begins a connection" "and begin a connection"
	is '[.steps[] | select(.what == "nat") | .rule] | join(" ")' "$out_rule" "by which rule"
	check_eq "nothing was made" "$(json .count conn count)" "$n"
	# shellcheck disable=SC2086
	t=$(midoctl -j trace $back dst-port 2050)
	is '.verdict' drop "an answer before the question"
	t=$(midoctl -j trace r1:ext hw-dst $r9 src $far dst $out proto udp src-port 9 dst-port 80)
	is '.verdict + " " + .["packet-out"].dst + " " + (.["packet-out"]["dst-port"] | tostring)' "output $in 7" "a destination"
	is '[.steps[] | select(.what == "nat") | .rule] | join(" ")' "$in_rule" "by which rule"
	t=$(midoctl -j trace net1:vm1 hw-dst $r1 src $in dst $far proto tcp tcp-flags 0x10 src-port 5 dst-port 80)
	is '.verdict + " " + .reason' "drop conn-invalid" "TCP in the middle"

	"$tools/probe.py" $$ <<-E > /dev/null
		$v vm1 packet udp to=$r1 src=1.71 dst=9.77 sport=5 dport=53 | ext * | ?
		wait
	E
	n=$((n + 2))
	check_eq "a real one makes two" "$(json .count conn count)" $n
	port=$(json ".[] | select(.device == \"r1\" and .src == \"$in\") | .reply.\"dst-port\"" conn list)
	flows=$(json length flow list)
	# shellcheck disable=SC2086
	t=$(midoctl -j trace $there)
	is '.["packet-out"] | .src + " " + (.["src-port"] | tostring)' "$out $port" "after: what it is"
	says "as the connection has it" "as the connection has it"
	says "unanswered, goes its way" "which is not answered"
	# shellcheck disable=SC2086
	t=$(midoctl -j trace $back dst-port "$port")
	is '.verdict + " " + .["packet-out"].dst + " " + (.["packet-out"]["dst-port"] | tostring)' "output $in 5" "the answer"
	says "is undone" "is undone"
	says "goes back" "it goes back"
	# shellcheck disable=SC2086
	t=$(midoctl -j trace $back dst-port "$((port == 2050 ? 2051 : 2050))")
	is '.verdict' drop "an answer to another port"
	# shellcheck disable=SC2086
	t=$(midoctl -j trace $there)
	says "unanswered, goes its way" "the answer was only traced"
	check_eq "nothing was made, nothing went" "$(json .count conn count)" $n
	check_eq "nor a flow" "$(json length flow list)" "$flows"
done
check_eq "no drop was counted" "$(json '[.[] | select(.reason == "conn-invalid") | .packets] | add // 0' drops)" 0
