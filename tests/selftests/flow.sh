#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1 -- net0 -- vm2
#
# The flow table: as few fields as the walk needed, folded counters, ageing.
. "$(dirname "$0")/lib.sh"
need jq

vm vm1 10.0.0.1/24
vm vm2 10.0.0.2/24
setup midoctl batch - <<-E
	bridge add net0
	port add net0:vm1 dev vm1
	port add net0:vm2 dev vm2
	chain add c
E
can_ping vm1 10.0.0.2
n_flows() { json 'map(select(.["in-port"] == "net0:vm1")) | length' flow list; }

setup midoctl flow flush
sent=$(blast vm1 1)
check "thousands of UDP ports need a handful of entries ($sent sent)" test "$(n_flows)" -le 4
check "which counted every packet" test \
	"$(json '[.[] | select(.["in-port"] == "net0:vm1") | .packets] | add' flow list)" -ge "$sent"

setup midoctl rule add c proto udp dst-port 9 accept
setup midoctl port set net0:vm2 out-chain c
setup midoctl flow flush
sent=$(blast vm1 1)
check "a rule about dst-port does not split by src-port" test "$(n_flows)" -le 6
check "the rule counted every packet" test \
	"$(json '.[] | select(.name == "c:1") | .packets' stats rule)" -ge "$sent"
check_eq "the mask shows the field" \
	"$(json '[.[] | select(.key["dst-port"] == 9) | .mask | has("dst-port")] | unique | join(",")' flow list)" true

setup midoctl flow flush
check_eq "flush leaves none" "$(json length flow list)" 0
setup sysctl -qw net.midonet.flow_idle=1
can_ping vm1 10.0.0.2
idle() { [ "$(json length flow list)" = 0 ]; }
setup in_vm vm1 ip link set eth0 arp off
check "idle entries go" wait_for 10 idle

setup sysctl -qw net.midonet.flow_idle=30 net.midonet.flows_per_port=16
setup midoctl rule add c pos 1 src-port 5 drop
blast vm1 1 > /dev/null
check "no port has more than flows_per_port" test "$(n_flows)" -le 16
check "and everything is still forwarded" test \
	"$(json '.[] | select(.name == "net0:vm2") | .["tx-packets"]' stats port)" -ge "$sent"
