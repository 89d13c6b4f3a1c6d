#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1 -- net0 -- vm2
#
# Flows of one packet each, as a scan makes them: a few get entries, the rest is walked and
# counted all the same, and a flow that comes again has its entry nevertheless.
. "$(dirname "$0")/lib.sh"
need jq

vm vm1 10.0.0.1/24
vm vm2 10.0.0.2/24
setup midoctl batch - <<-E
	bridge add net0
	port add net0:vm1 dev vm1
	port add net0:vm2 dev vm2
	chain add c
	rule add c proto udp src-port 1 drop
	rule add c proto udp accept
	port set net0:vm1 in-chain c
E
can_ping vm1 10.0.0.2
n_flows() { json "map(select(.[\"in-port\"] == \"net0:vm1\")) | length" flow list; }
from() { json "map(select(.key[\"src-port\"] == $1)) | length" flow list; }
counted() { json '.[] | select(.name == "c:2") | .packets' stats rule; }

# udp PORT: a datagram from that port
mac1=$(mac_of vm1) mac2=$(mac_of vm2)
udp() {
	frame vm1 "$mac2 $mac1 0800 4500001d 00004000 40110000 0a000001 0a000002
		$(printf %04x "$1") 0009 0009 0000 58 00000000000000000000000000000000"
}

setup midoctl flow flush
setup udp 100
check_eq "a first packet makes an entry" "$(from 100)" 1

before=$(counted)
sent=$(blast vm1 1)
check "a scan ($sent packets) makes few" test "$(n_flows)" -le 300
check_eq "every packet of it is counted" "$(($(counted) - before))" "$sent"

setup udp 200
check_eq "then a first packet makes none" "$(from 200)" 0
setup udp 200
check_eq "a second one does" "$(from 200)" 1
setup udp 200
check_eq "which counts" "$(json '.[] | select(.key["src-port"] == 200) | .packets' flow list)" 2
check_eq "as the rule does" "$(($(counted) - before - sent))" 3

setup midoctl flow flush
fresh=300
first_makes_one() { fresh=$((fresh + 1)); udp $fresh && [ "$(from $fresh)" = 1 ]; }
check "when they are gone, a first packet makes one again" wait_for 5 first_makes_one
