#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1 -- net1 -- r1 -- ext
#
# CONNS (100 000) connections are saved, forgotten and restored: seconds, not
# minutes, and packets that belong to one of them are translated as before.
. "$(dirname "$0")/../lib.sh"
need jq

n=${CONNS:-100000}
# A fifth of a millisecond for each, and what is too small to be measured.
bound=$((n / 5000 + 5))
vm vm1 10.0.1.2/24
vm ext 10.0.9.2/24
r1=02:00:00:00:01:01
setup midoctl batch - <<-E
	bridge add net1
	router add r1
	chain add out
	port add net1:vm1 dev vm1
	port add net1:r
	port add r1:n1 mac $r1 addresses 10.0.1.1/24 peer net1:r
	port add r1:ext addresses 10.0.9.1/24,10.0.9.50/32 dev ext
	neighbour add r1:ext 10.0.9.77 mac $(mac_of ext)
	rule add out out-port r1:ext snat target 10.0.9.50:1024-65535
	router set r1 out-chain out
E
lasting
setup sysctl -qw net.midonet.conns_max=$((2 * n)) net.midonet.conns_per_port=$((2 * n))

# id OBJECT NAME
id() { json ".[] | select(.name == \"$2\") | .id" "$1" list; }
device=$(id router r1) port=$(id port net1:vm1) rule=$(json '.[0].id' rule list out)
jq -cn --arg n "$n" --arg d "$device" --arg p "$port" --arg r "$rule" 'range($n | tonumber) |
	. as $i | "10.1.\($i / 250 % 250 | floor).\(1 + $i % 250)" as $a |
	(1024 + $i % 50000 * 11311 % 64512) as $own | "10.0.9.\(77 + ($i / 50000 | floor))" as $s |
	{device: "r1", "device-id": $d, port: "net1:vm1", "port-id": $p, proto: "udp",
	 forward: {src: $a, dst: $s, "src-port": (1000 + ($i / 62500 | floor)), "dst-port": 7},
	 reply: {src: $s, dst: "10.0.9.50", "src-port": 7, "dst-port": $own},
	 state: "unanswered", answered: false, age: 1, expires: 500, "snat-rule-id": $r}' > "$scratch/made"

# took WHAT COMMAND...: within the bound
took() {
	local what=$1 begin=$EPOCHREALTIME ms
	shift
	setup "$@"
	ms=$(((${EPOCHREALTIME/./} - ${begin/./}) / 1000))
	check "$what: $ms ms" test $ms -le $((1000 * bound))
}
took "$n connections are restored" midoctl conn restore "$scratch/made"
check_eq "all of them" "$(json .count conn count)" "$n"
took "saved" midoctl conn save "$scratch/saved"
check_eq "a line each" "$(wc -l < "$scratch/saved")" "$n"
took "forgotten" midoctl conn flush
took "and restored" midoctl conn restore "$scratch/saved"
check_eq "all of them again" "$(json .count conn count)" "$n"
took "restored once more: nothing to do" midoctl conn restore "$scratch/saved"
# the thousandth, and one that was not among them
probe <<-E
	4 vm1 packet udp to=$r1 src=10.1.3.251 dst=9.77 sport=1000 | ext udp 9.50 ????* > 9.77 7 | a new one has a port of its own
	wait
	4 vm1 packet udp to=$r1 src=10.1.4.1 dst=9.77 sport=1000 | ext udp 9.50 22424 > 9.77 7 | a restored one is translated as before
	wait
E
few=$((n / 10))
head -n $few "$scratch/saved" | sed 's/"port-id":"[^"]*"/"port-id":"00000000-0000-0000-0000-000000000007"/' > "$scratch/bad"
begin=$EPOCHREALTIME
midoctl conn restore "$scratch/bad" > "$scratch/said" 2> "$scratch/err"
check_eq "$few are refused" "$? $(cat "$scratch/said")" "1 0 restored, $few refused"
ms=$(((${EPOCHREALTIME/./} - ${begin/./}) / 1000))
check "in time: $ms ms" test $ms -le $((1000 * bound))
check_eq "and named by their lines" "$(cut -d: -f3 "$scratch/err" | uniq | wc -l)" "$few"
