#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1 -- net1 -- r1 -- ext (a device: others live there)
#	vm3 ----'
#
# How a router finds its next hops, whom it believes, and what it answers.
. "$(dirname "$0")/lib.sh"
need jq arping ndisc6

vm vm1 10.0.1.2/24 fd00:1::2/64
vm vm3 10.0.1.3/24 fd00:1::3/64
vm ext 10.0.9.2/24 fd00:9::2/64
setup midoctl batch - <<-E
	bridge add net1
	router add r1
	port add net1:vm1 dev vm1
	port add net1:vm3 dev vm3
	port add r1:n1 mac 02:00:00:00:01:01 addresses 10.0.1.1/24,fd00:1::1/64
	port add net1:r peer r1:n1
	port add r1:ext mac 02:00:00:00:09:01 addresses 10.0.9.1/24,10.0.9.7/32,fd00:9::1/64,fd00:9::7/128 dev ext
	neighbour add r1:ext 10.0.9.70 mac 02:00:00:00:00:70
	neighbour add r1:ext fd00:9::70 mac 02:00:00:00:00:70
	neighbour add net1 10.0.1.80 mac 02:00:00:00:00:80
	neighbour add net1 fd00:1::80 mac 02:00:00:00:00:80
	route add r1 dst 10.0.120.0/24 port ext gateway 10.0.99.9
	route add r1 dst fd00:120::/64 port ext gateway fd00:99::9
	mac add net1 02:00:00:00:00:80 port vm3
E
gateway vm1 10.0.1.1 fd00:1::1
gateway ext 10.0.9.1 fd00:9::1
r1=02:00:00:00:01:01
r9=02:00:00:00:09:01
m=02:00:00:00:00

probe <<-E
	ext serve 7
	ext asked 9.2 | asked | the next hop is asked for on the wire
	vm1 udp 9.2 7 | echo @0-2 | and the packet waits for it
	wait
	ext answers 9.50 mac=$m:50 after=0.5 | asked | one that is slow to answer
	vm1 raw to=$r1 src=1.2 dst=9.50 n=11 wait=3 | 8 arrived in order, 0 told | eight packets wait, in order
	wait
	vm1 raw to=$r1 src=1.2 dst=9.50 macs | ext ttl 63 $r9 to $m:50 | now it is known
	ext asked 9.50 | nothing | and not asked for again
	# an answer nobody asked for
	ext claim 9.60 mac=$m:60 to=$r9 target=9.1
	# another's address claimed
	ext claim 9.50 mac=$m:66 to=$r9 target=9.1
	sleep 0.3
	vm1 raw to=$r1 src=1.2 dst=9.50 macs | ext ttl 63 $r9 to $m:50 | is not believed
	vm1 udp 9.60 9 | 3/1 1.1 @2-7 | nor the other one
	wait
	# a gratuitous one
	ext gratuitous 9.50 mac=$m:51
	sleep 0.3
	vm1 raw to=$r1 src=1.2 dst=9.50 macs | ext ttl 63 $r9 to $m:51 | moves a known neighbour
	ext asked 9.70 | nothing | a static neighbour is not asked for
	vm1 raw to=$r1 src=1.2 dst=9.70 macs | ext ttl 63 $r9 to $m:70 | it is just there
	# a claim of its address
	ext gratuitous 9.70 mac=$m:71
	sleep 0.3
	vm1 raw to=$r1 src=1.2 dst=9.70 macs | ext ttl 63 $r9 to $m:70 | does not move it
	ext answers 99.9 mac=$m:99 | asked | a gateway outside of the port's subnets
	vm1 raw to=$r1 src=1.2 dst=120.1 macs | ext ttl 63 $r9 to $m:99 | is believed too
	wait
	ext who 9.1 from=9.55 mac=$m:55 | is-at $r9 | the router's address is answered
	ext who 9.7 from=9.55 mac=$m:55 | is-at $r9 | one without a subnet too
	ext who 9.1 from=- | is-at $r9 | a probe for it is answered, so that nobody takes it
	ext who 9.8 from=9.55 mac=$m:55 | nothing | nobody else's is
	ext who 1.1 from=9.55 mac=$m:55 | nothing | nor that of another port
	# a stranger asks
	ext who 9.1 from=8.55 mac=$m:55 wait=1
	6 ext who 9.1 from=9.56 mac=$m:56 ttl=254 | nothing | who asks from another link is not heard
	ext asked 9.55 | nothing | who asked is known
	vm1 raw to=$r1 src=1.2 dst=9.55 macs | ext ttl 63 $r9 to $m:55 | and need not be asked
	wait
	vm1 raw to=$r1 src=1.2 dst=1.80 macs | vm3 ttl 63 $r1 to $m:80 | a router sends back to where it came from, if that is the way
	ext raw to=$r9 src=9.2 dst=1.80 macs | vm3 ttl 63 $r1 to $m:80 | static neighbours of the bridge are known to the router
	vm3 asked 1.80 | nothing | and not asked for
	vm1 who 1.1 from=1.2 | is-at $r1 | on a bridge the router port's address is answered
	vm1 who 1.1 from=- | is-at $r1 | so is a probe for it
	vm3 asked 1.1 | nothing | others do not hear it
	wait
	do midoctl bridge set net1 arp-suppress false
	vm3 asked 1.1 | nothing | nor without arp-suppress
	vm1 who 1.1 from=1.2 | is-at $r1 | the router port answers then
	wait
	ext announced 9.1 | announced $r9 | a port that comes up says whose its addresses are
	ext announced 9.7 | announced $r9 | all of them
	do midoctl port set r1:ext admin-up false
	do midoctl port set r1:ext admin-up true
E
counted neighbour-unasked 4 park-full 6

check "arping" in_vm ext arping -q -c 1 -w 3 -I eth0 10.0.9.7
check "arping -D finds the address taken" sh -c \
	"! ip netns exec $(ns ext) arping -q -D -c 1 -w 3 -I eth0 10.0.9.1"
check "ndisc6" sh -c "ip netns exec $(ns ext) ndisc6 -q -1 -r 1 -w 3000 fd00:9::7 eth0 | grep -qi $r9"

setup can_ping vm1 10.0.9.2 1
setup can_ping vm1 fd00:9::2 1
list=$(midoctl -j neighbour list r1:ext)
# known ADDRESS: "MAC state origin" of a neighbour at r1:ext
known() { jq -r ".[] | select(.address == \"$1\") | .mac + \" \" + .state + \" \" + .origin" <<< "$list"; }
mac=$(mac_of ext)
check_eq "the list has learned ones" "$(known 10.0.9.2)" "$mac reachable learned"
check_eq "IPv6" "$(known fd00:9::2)" "$mac reachable learned"
check_eq "and static ones" "$(known 10.0.9.70)" "$m:70 permanent static"
check_eq "IPv6" "$(known fd00:9::70)" "$m:70 permanent static"
check_eq "strangers are not in it" "$(known 10.0.8.55)$(known fd00:8::55)$(known fd00:9::56)" ""
check_eq "nor who was not asked" "$(known 10.0.9.60 | grep $m:60)$(known fd00:9::60 | grep $m:60)" ""

setup midoctl neighbour del r1:ext 10.0.9.70
setup sysctl -qw net.midonet.neighbours_per_port=8
probe <<-E
	ext who 9.1 from=9.100 n=40 | is-at $r9 | forty who ask
	sleep 0.3
E
check "no more than neighbours_per_port are remembered" test \
	"$(json '[.[] | select(.origin == "learned")] | length' neighbour list r1:ext)" -le 8
