#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1 -- net0 -- vm2
#
# A socket may inject frames: into a port as if its device had sent them, or out
# of it.
. "$(dirname "$0")/lib.sh"
need jq python3

vm vm1 10.0.0.1/24
vm vm2 10.0.0.2/24
setup midoctl batch - <<-E
	bridge add net0
	port add net0:vm1 dev vm1
	port add net0:vm2 dev vm2
	mac add net0 02:00:00:00:00:22 port vm2
	chain add c
	rule add c ethertype 0x88b6 drop
	bridge set net0 in-chain c
E
port=$(midoctl export --ids | jq -r '.bridges[0].ports[] | select(.name == "vm1") | .id')
inject() { "$tools/inject.py" "$port" "$@"; }
pad=$(printf '00%.0s' {1..46})

check "in: the bridge carries it" hears vm2 88b5aa inject in "020000000022 020000000011 88b5aa$pad"
check "in: chains judge it" deaf vm2 88b6aa inject in "020000000022 020000000011 88b6aa$pad"
check "out: it leaves by the device" hears vm1 88b6bb inject out "020000000022 020000000011 88b6bb$pad"
check_fails "a frame too short" inject in 0200
check_fails "a port that does not exist" "$tools/inject.py" 00000000-0000-0000-0000-000000000009 in "020000000022 020000000011 88b5$pad"
