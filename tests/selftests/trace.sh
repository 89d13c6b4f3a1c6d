#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1 -- net0 (out-chain c) -- vm2
#
# A trace says what would happen and why, and leaves nothing behind; a live trace
# shows real packets.
. "$(dirname "$0")/lib.sh"
need jq ping

vm vm1 10.0.0.1/24
vm vm2 10.0.0.2/24
setup midoctl batch - <<-E
	bridge add net0
	chain add c
	rule add c proto tcp dst-port 22 drop
	bridge set net0 out-chain c
	port add net0:vm1 dev vm1
	port add net0:vm2 dev vm2
	mac add net0 $(mac_of vm2) port vm2
E
packet="src 10.0.0.1 dst 10.0.0.2 hw-src 02:00:00:00:00:99 hw-dst $(mac_of vm2) proto tcp"

t=$(midoctl -j trace net0:vm1 $packet dst-port 22)
check_eq "dropped" "$(echo "$t" | jq -r '.verdict + " " + .reason')" "drop chain"
check "a step names the rule" \
	test -n "$(echo "$t" | jq -r '.steps[] | select(.rule == "c:1") | .text' | head -1)"
t=$(midoctl -j trace net0:vm1 $packet dst-port 80)
check_eq "another port is let out" \
	"$(echo "$t" | jq -r '.verdict + " " + .outputs[0]')" "output net0:vm2"
check_eq "the packet leaves as it came" \
	"$(echo "$t" | jq -r '.["packet-out"]["dst-port"]')" 80
check_eq "the mask has what was read" \
	"$(echo "$t" | jq -r '.mask | has("dst-port")')" true
check_eq "and not what was not" \
	"$(echo "$t" | jq -r '.mask | has("src-port") or has("src")')" false
check "for people too" sh -c \
	"midoctl trace net0:vm1 $packet dst-port 22 | grep -q 'c:1'"

check_eq "nothing was learned" \
	"$(json '[.[] | select(.mac == "02:00:00:00:00:99")] | length' mac list)" 0
check_eq "no flow was made" "$(json '[.[] | select(.key["hw-src"] == "02:00:00:00:00:99")] | length' flow list)" 0
check_eq "nothing was counted as dropped" "$(dropped chain)" 0
check_eq "no rule was counted" \
	"$(json '.[] | select(.name == "c:1") | .packets' stats rule)" 0

hex="$(mac_of vm2 | tr -d :)020000000099080045000028000000004006000a0a0000010a000002 0400 0016 00000000 00000000 5002 0000 0000 0000"
check_eq "a frame in hex" \
	"$(midoctl -j trace net0:vm1 --hex "$(echo "$hex" | tr -d ' ')" | jq -r .verdict)" drop

# A flood that one port refuses: who reaches another is told nothing
setup ip link add d3 type dummy
setup ip link set d3 up
setup midoctl batch - <<-E
	chain add no
	rule add no proto udp reject
	port add net0:d3 dev d3 out-chain no
E
# said WORD...: verdict of a packet to nobody known, and what its sender is told
said() {
	midoctl -j trace net0:vm1 src 10.0.0.1 dst 10.0.0.9 hw-dst 02:00:00:00:00:98 proto "$@" |
		jq -r '[.verdict, (.steps[] | select(.what == "answer") | .text)] | join("; ")'
}
check_eq "a flood: nothing is told" "$(said udp)" \
	"flood; the sender is not told: the packet reaches others"
setup midoctl port set net0:vm2 admin-up false
check_eq "nobody else is there: told" "$(said udp)" \
	"drop; tells the sender: ICMP 3/13 from 10.0.0.9"
check_eq "nobody refuses: nothing is said" "$(said tcp)" flood
setup midoctl port set net0:vm2 admin-up true
setup midoctl port del net0:d3

midoctl -j trace --live 2 proto icmp > "$scratch/live" &
live=$!
sleep 0.5
in_vm vm1 ping -c 3 -i 0.2 10.0.0.2 > /dev/null
wait_for 3 sh -c "! kill -0 $live"
kill $live 2> /dev/null
check_eq "a live trace shows real packets" \
	"$(jq -rs 'flatten | map(.verdict) | join(",")' "$scratch/live")" output,output
check "and lets them pass" can_ping vm1 10.0.0.2
refused "a port that does not exist" net0:vm9 midoctl trace net0:vm9 proto tcp
