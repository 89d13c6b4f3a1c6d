#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1 -- net1 -- r1 -- ext
#
# Connections are listed, counted, forgotten, saved and restored; what came back
# serves the packets that are under way.
. "$(dirname "$0")/lib.sh"
need jq socat

vm vm1 10.0.1.2/24 fd00:1::2/64
vm ext 192.0.2.2/24 2001:db8::2/64
setup midoctl batch - <<-E
	bridge add net1
	router add r1
	chain add out
	port add net1:vm1 dev vm1
	port add r1:n1 addresses 10.0.1.1/24,fd00:1::1/64
	port add r1:ext addresses 192.0.2.1/24,2001:db8::1/64 dev ext
	port add net1:r peer r1:n1
	router set r1 out-chain out
	rule add out src 10.0.1.0/24 out-port r1:ext snat target 192.0.2.7:2000-2999
	rule add out src fd00:1::/64 out-port r1:ext snat target [2001:db8::7]:2000-2999
	port set r1:ext addresses +192.0.2.7/32,2001:db8::7/128
	load-balancer add lb router r1
	load-balancer pool add lb p
	load-balancer member add lb p 192.0.2.2:7
	load-balancer vip add lb 10.9.9.9:77 proto tcp pool p
E
gateway vm1 10.0.1.1 fd00:1::1
setup sysctl -qw net.midonet.timeout_icmp=3600
in_vm ext socat TCP-LISTEN:7,fork,reuseaddr EXEC:cat &
wait_for 10 sh -c "ip netns exec $(ns ext) ss -ltn | grep -q :7"

check "a ping" can_ping vm1 192.0.2.2 1
check "and one by IPv6" can_ping vm1 2001:db8::2 1

# A connection that stays open, to the VIP: its words come back.
mkfifo "$scratch/in" "$scratch/out1"
in_vm vm1 socat - TCP:10.9.9.9:77,sourceport=4000 < "$scratch/in" > "$scratch/out1" &
exec 7> "$scratch/in" 8< "$scratch/out1"
echoes() {
	local word=
	echo "$1" >&7
	read -r -t 5 -u 8 word
	[ "$word" = "$1" ]
}
check "TCP through a VIP" echoes one

check_eq "one row for each" "$(json length conn list)" 3
check_eq "counted" "$(json .count conn count)" 3
check_eq "of a device" "$(json .count conn count device r1 proto tcp)" 1
check_eq "of another" "$(json .count conn count device net1)" 0
check_eq "by address" "$(json .count conn count src fd00::/8)" 1
check_eq "by port" "$(json .count conn count src-port 4000-4001 dst 10.9.9.9)" 1
check_eq "not by other ones" "$(json .count conn count src-port '!4000')" 0
check_eq "the row" "$(midoctl -j conn list proto tcp | jq -c '.[0] | del(.age, .expires)')" \
	'{"device":"r1","proto":"tcp","src":"10.0.1.2","dst":"10.9.9.9","src-port":4000,"dst-port":77,"icmp-id":null,"reply":{"src":"192.0.2.2","dst":"192.0.2.7","src-port":7,"dst-port":'"$(json '.[0].reply."dst-port"' conn list proto tcp)"'},"state":"established","origin":"local"}'
check_eq "keys of a ping" "$(midoctl -j conn list proto icmp | jq -c '.[0] | keys_unsorted, (.reply | keys_unsorted)' | paste -sd' ')" \
	'["device","proto","src","dst","src-port","dst-port","icmp-id","reply","state","age","expires","origin"] ["src","dst","src-port","dst-port"]'
check_eq "an id instead of ports" "$(json '.[0] | (."icmp-id" != null) and ."src-port" == null and ."dst-port" == null' conn list proto icmp)" true
check_eq "both translations of it" "$(midoctl -j nat list proto tcp | jq -c '[.[] | [.rule, .from.dst, .to.dst, .from.src, .to.src]]')" \
	'[[null,"10.9.9.9","192.0.2.2","10.0.1.2","10.0.1.2"],["out:1","192.0.2.2","192.0.2.2","10.0.1.2","192.0.2.7"]]'
check_eq "keys" "$(midoctl -j nat list | jq -c '[.[] | keys_unsorted] | unique')" \
	'[["device","rule","proto","from","to","state","expires"]]'
check_fails "a word that is none of a connection's" midoctl conn list in-port r1:n1

check "they are saved" midoctl conn save "$scratch/saved"
check_eq "a line each" "$(wc -l < "$scratch/saved")" 3
check_eq "a flush that is not one" "$(json .count --dry-run conn flush)" 3
check_eq "some are forgotten" "$(json .count conn flush proto icmp)" 1
check_eq "the others are there" "$(json .count conn count)" 2
check_eq "all are forgotten" "$(json .count conn flush)" 2
check_eq "none is there" "$(midoctl -j conn list | jq -c .)" '[]'
check_eq "they are restored" "$(midoctl -j conn restore "$scratch/saved" | jq -c .)" '{"restored":3,"refused":0}'
check_eq "all" "$(json .count conn count)" 3
check "as they were" sh -c "midoctl conn save - | jq -cS 'del(.age, .expires)' | sort > '$scratch/a'
	jq -cS 'del(.age, .expires)' < '$scratch/saved' | sort | cmp - '$scratch/a'"
check "TCP goes on" echoes two
check_eq "a second time changes nothing" "$(midoctl -j conn restore - < "$scratch/saved" | jq -c .)" '{"restored":3,"refused":0}'
check_eq "nothing" "$(json .count conn count)" 3

# What cannot come back is named.
setup midoctl conn flush
{
	echo nonsense
	grep '"tcp"' "$scratch/saved"
	sed -n 's/"port-id":"[^"]*"/"port-id":"00000000-0000-0000-0000-000000000007"/; /"tcp"/p' "$scratch/saved"
	echo '{"device":"r1"}'
} > "$scratch/bad"
midoctl conn restore "$scratch/bad" > "$scratch/said" 2> "$scratch/err"
check_eq "status when some are refused" $? 1
check_eq "how many" "$(cat "$scratch/said")" "1 restored, 3 refused"
check "a line that is none" grep -q "bad:1: not JSON" "$scratch/err"
check "a port that is none" grep -q "bad:3: r1 tcp 10.0.1.2:4000 > 10.9.9.9:77: .*000000000007" "$scratch/err"
check "a connection that is none" grep -q "bad:4: needs device-id" "$scratch/err"
check "TCP goes on all the same" echoes three
refused "a file that is not there" "No such file" midoctl conn restore "$scratch/none"
exec 7>&- 8<&-
