#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1 -- net0 -- vm2 (out-chain)
#
# Chains with real traffic: actions, order, jumps, counters, changes take effect
# on established flows at once.
. "$(dirname "$0")/lib.sh"
need jq ping iperf3

vm vm1 10.0.0.1/24 fd00::1/64
vm vm2 10.0.0.2/24 fd00::2/64
setup midoctl bridge add net0
setup midoctl port add net0:vm1 dev vm1
setup midoctl port add net0:vm2 dev vm2
setup midoctl chain add c
setup midoctl port set net0:vm2 out-chain c

check "an empty chain accepts" can_ping vm1 10.0.0.2
setup midoctl rule add c proto icmp drop
check "a matching rule drops, also an established flow" cannot_ping vm1 10.0.0.2
check "other protocols pass" can_ping vm1 fd00::2
check "the drop is counted with its rule" test \
	"$(json '[.[] | select(.rule == "c:1") | .packets] | add' drops)" -ge 2
setup midoctl rule add c pos 1 src 10.0.0.1 accept
check "an earlier rule wins" can_ping vm1 10.0.0.2
check "rules count" test \
	"$(json '.[] | select(.name == "c:1") | .packets' stats rule)" -ge 3

setup midoctl chain add inner
setup midoctl rule add inner proto icmp drop
setup midoctl rule set c pos 1 src none jump inner
check "a jump decides" cannot_ping vm1 10.0.0.2
setup midoctl rule add inner pos 1 return
setup midoctl rule del c pos 2
check "return goes back to the caller" can_ping vm1 10.0.0.2
refused "a cycle of jumps" "cycle|loop" midoctl rule add inner jump c
refused "deleting a chain that is jumped to" c midoctl chain del inner
refused "deleting a chain that a port uses" net0:vm2 midoctl chain del c

setup midoctl port set net0:vm2 out-chain none
setup midoctl chain add d
setup midoctl rule add d proto tcp dst-port 5201 accept
setup midoctl rule add d proto icmpv6 accept
setup midoctl rule add d ethertype arp accept
setup midoctl rule add d drop
setup midoctl port set net0:vm2 out-chain d
in_vm vm2 iperf3 -s -1 -D > /dev/null
sleep 0.5
check "TCP to the open port" in_vm vm1 iperf3 -c 10.0.0.2 -t 1
check "everything else is shut" cannot_ping vm1 10.0.0.2
setup midoctl bridge set net0 in-chain d
check "a bridge's chain sees it as well" can_ping vm1 fd00::2
