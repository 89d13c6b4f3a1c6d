#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# net.midonet.*: limits hold, and say which one it was.
. "$(dirname "$0")/lib.sh"
need jq

vm vm1 10.0.0.1/24
vm vm2 10.0.0.2/24
vm vm3
setup midoctl bridge add net0
setup midoctl port add net0:vm1 dev vm1
setup midoctl port add net0:vm2 dev vm2
setup midoctl port add net0:vm3 dev vm3

setup sysctl -qw net.midonet.ports_max=4
setup midoctl port add net0:x
refused "one port too many" ports_max midoctl port add net0:y
setup sysctl -qw net.midonet.rules_max=2
setup midoctl chain add c
setup midoctl rule add c drop
setup midoctl rule add c drop
refused "one rule too many" rules_max midoctl rule add c drop
setup midoctl ip-set add s
setup sysctl -qw net.midonet.set_members_max=2
refused "too many members" set_members_max midoctl ip-set set s members +10.0.0.0/8,11.0.0.0/8,12.0.0.0/8

pad=$(printf '00%.0s' {1..46})
setup sysctl -qw net.midonet.macs_per_port=2

# frames_from XX COUNT: broadcasts of stations whose MACs differ, all at once
frames_from() {
	local i frames=()
	for i in $(seq "$2"); do
		frames+=("ffffffffffff 02000000$1$(printf %02x "$i") 88b5 $pad")
	done
	frame vm1 "${frames[@]}"
}

frames_from bb 5
check "no more than macs_per_port" test \
	"$(json '[.[] | select(.port == "net0:vm1")] | length' mac list)" -le 2

setup sysctl -qw net.midonet.flood_rate=5
frames_from cc 40
check "floods over flood_rate are dropped and counted" test "$(dropped flood-rate)" -ge 10

check_eq "in a user namespace they are a sixteenth" \
	"$(unshare --user --map-root-user --net cat /proc/sys/net/midonet/ports_max)" 4096
check_fails "and read-only" unshare --user --map-root-user --net \
	sh -c 'echo 9 > /proc/sys/net/midonet/ports_max'
