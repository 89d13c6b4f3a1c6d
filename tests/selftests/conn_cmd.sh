#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1, vm2 -- net1 -- r1 -- ext
#
# midoctl conn list, count, flush, save, restore and nat list; connections that
# survive another kernel module.
. "$(dirname "$0")/lib.sh"
need jq

ko=${MN_TOP:-}/build/${MN_KERNEL:-}/midonet.ko
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
	chain add in
	chain add out
	chain add sg
	rule add sg state invalid drop
	rule add in dst 9.50 proto udp dst-port 80 dnat target 1.71:7
	rule add out src 1.71 proto icmp,icmpv6,47 snat target 9.50:3000-3099
	rule add out src 1.0/24 snat target 9.50:2000-2099
	router set r1 in-chain in out-chain out
	bridge set net1 in-chain sg
E
lasting
gateway vm1 10.0.1.1 fd00:1::1
gateway vm2 10.0.1.1 fd00:1::1
r1=02:00:00:00:01:01
r9=02:00:00:00:09:01

probe <<-E
	vm1 packet udp to=$r1 src=1.71 dst=9.77 sport=1 dport=53 | ext udp 9.50 20?? > 9.77 53 | UDP
	vm1 packet tcp to=$r1 src=1.71 dst=9.77 sport=2 dport=80 | ext tcp 9.50 20?? > 9.77 80 S | TCP
	vm1 packet echo to=$r1 src=1.71 dst=9.77 id=5 | ext echo 9.50 > 9.77 id 30?? | an echo
	vm1 packet 47 to=$r1 src=1.71 dst=9.77 | ext 47 9.50 > 9.77 | another protocol
	ext packet udp to=$r9 src=9.77 dst=9.50 sport=3 dport=80 | vm1 udp 9.77 3 > 1.71 7 | dnat
E
list=$(midoctl -j conn list)
# row FILTER WANTED DESCRIPTION
row() { check_eq "$3" "$(jq -r "[.[] | select($1)] | map(select(.device == \"r1\"))[] |
	[.src, .[\"src-port\"], .dst, .[\"dst-port\"], .[\"icmp-id\"], .reply.src, .reply[\"src-port\"],
	 .reply.dst, (.reply[\"dst-port\"] // 0) / 100 | tostring] | join(\" \")" <<< "$list" | sort | xargs)" "$2"; }
for v in 4 6; do
	[ $v = 4 ] && a=10.0. b=. || a=fd00: b=::
	in=${a}1${b}71 far=${a}9${b}77 out=${a}9${b}50
	# proto PROTO: the connection in the router
	proto() { jq -c "[.[] | select(.device == \"r1\" and (.proto == \"$1\" or .proto == \"$2\") and (.src == \"$in\" or .src == \"$far\"))]" <<< "$list"; }
	is() { check_eq "$3, IPv$v" "$(jq -r "$2" <<< "$1")" "$4"; }
	udp=$(proto udp udp)
	is "$udp" "length" "UDP, two of them" 2
	is "$udp" ".[] | select(.src == \"$in\") | [.src, .\"src-port\", .dst, .\"dst-port\", .reply.src, .reply.\"src-port\", .reply.dst, .state, .origin] | join(\" \")" \
		"what it was" "$in 1 $far 53 $far 53 $out unanswered local"
	is "$udp" ".[] | select(.src == \"$in\") | .reply.\"dst-port\" | . >= 2000 and . < 2100" "and the port it got" true
	is "$udp" ".[] | select(.src == \"$far\") | [.dst, .\"dst-port\", .reply.src, .reply.\"src-port\", .reply.dst, .reply.\"dst-port\"] | join(\" \")" \
		"the destination" "$out 80 $in 7 $far 3"
	tcp=$(proto tcp tcp)
	is "$tcp" '.[] | [.state, ."icmp-id" == null] | join(" ")' "TCP" "syn-sent true"
	is "$(proto icmp icmpv6)$(proto ipv6-icmp ipv6-icmp)" 'select(length > 0)[] | [."icmp-id", ."src-port" == null] | join(" ")' "an echo has an id, no ports" "5 true"
	nat=$(midoctl -j nat list)
	is "$nat" "[.[] | select(.to.src == \"$out\" and .proto == \"udp\")] | map(.device + \" \" + .rule) | join(\" \")" \
		"snat and its rule" "r1 out:$((v == 4 ? 3 : 4))"
	is "$nat" "[.[] | select(.from.dst == \"$out\" and .to.dst == \"$in\")] | map(.device + \" \" + .rule) | join(\" \")" \
		"dnat and its rule" "r1 in:$((v == 4 ? 1 : 2))"
done
check "for people" sh -c "midoctl conn list | grep -q 10.0.1.71 && midoctl nat list | grep -q 9.50"
n() { json .count conn count "$@"; }
all=$(n)
check_eq "as many as are listed" "$all" "$(jq length <<< "$list")"
check_eq "of a device" "$(n device r1)" 10
check_eq "of a protocol" "$(n proto tcp)" 4
check_eq "of a port" "$(n proto udp dst-port 53)" 4
check_eq "of an address" "$(n src 10.0.1.71 device r1)" 4
check_eq "of a prefix" "$(n dst fd00:9::/64 src fd00:9::77)" 1
check_eq "of a version" "$(n ethertype ip)" $((all / 2))
check_eq "listed by words" "$(json length conn list proto tcp device r1)" 2
refused "a word that is none" unknown sh -c 'midoctl conn list dscp 1 || exit 1'
refused "a device that is not there" 'nosuch' midoctl conn count device nosuch
check_eq "flush by words" "$(json .count conn flush proto 47)" 4
check_eq "only those" "$(n)" $((all - 4))
check_eq "a read-only user" "$(setpriv --bounding-set -all --inh-caps -all midoctl conn count > /dev/null 2>&1; echo $?)" 1

# Save, forget, restore.
check "save" midoctl conn save "$scratch/conns"
midoctl -j conn list | jq -S 'map(del(.age, .expires)) | sort' > "$scratch/before"
check_eq "flush" "$(json .count conn flush)" $((all - 4))
check_eq "there are none" "$(n)" 0
check_eq "restore" "$(json '"\(.restored) \(.refused)"' conn restore "$scratch/conns")" "$((all - 4)) 0"
midoctl -j conn list | jq -S 'map(del(.age, .expires)) | sort' > "$scratch/after"
check "they are what they were" diff "$scratch/before" "$scratch/after"
check_eq "once more changes nothing" "$(json .refused conn restore "$scratch/conns")" 0
check_eq "nor the number" "$(n)" $((all - 4))
{ echo '{}'; echo 'nonsense'; sed 's/"device-id":"[^"]*"/"device-id":"00000000-0000-0000-0000-000000000001"/' "$scratch/conns" | head -1; head -1 "$scratch/conns"; } > "$scratch/bad"
refused "what is not good is refused, line by line" 'bad:1:.*bad:2:.*bad:3:' midoctl conn restore "$scratch/bad"
probe <<-E
	vm1 packet udp to=$r1 src=1.71 dst=9.77 sport=1 dport=53 | ext udp 9.50 20?? > 9.77 53 | it goes on with a binding that came back
	ext packet udp to=$r9 src=9.77 dst=9.50 sport=3 dport=80 | vm1 udp 9.77 3 > 1.71 7 | both do
E

[ -e "$ko" ] || exit 0
setup midoctl flush
topology <<-E
	bridge add net1
	router add r1
	port add net1:vm1 dev vm1
	port add net1:r
	port add r1:n1 mac 02:00:00:00:01:01 addresses 1.1/24 peer net1:r
	port add r1:ext mac 02:00:00:00:09:01 addresses 9.1/24,9.50/32 dev ext
	chain add out
	rule add out src 1.0/24 snat target 9.50:2000-2099
	router set r1 out-chain out
E
# Somebody talks while the module is replaced by a new one.
cat > "$scratch/replace" <<-E
	set -e
	midoctl export > $scratch/doc
	midoctl conn save $scratch/conns
	test \$(midoctl -j conn count | jq .count) -ge 2
	rmmod midonet
	insmod $ko
	midoctl apply $scratch/doc
	midoctl conn restore $scratch/conns
E
probe <<-E
	ext serve 7
	vm1 talk A 9.2 7 sport=2050 | heard, 9.50 2050 > 9.2 10007 | a stream
	vm1 talk B 9.2 7 sport=5 | heard, 9.50 20?? > 9.2 10007 | and one whose port is another
	wait
	do bash $scratch/replace
	vm1 talk A | heard, 9.50 2050 > 9.2 10007 | goes on under a new module
	vm1 talk B | heard, 9.50 20?? > 9.2 10007 | and the other
	wait
	do midoctl conn flush
	vm1 talk B wait=1.5 | nothing | without its connection it would not have
	wait
	do midoctl conn restore $scratch/conns
	sleep 1
	vm1 talk A | heard* | and with it, it does
E
