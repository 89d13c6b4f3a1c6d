#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1 --.
#	vm2 --+-- net0        vm4 --- net1
#	vm3 --'
#
# A bridge carries unicast only where it belongs, and bridges are apart.
. "$(dirname "$0")/lib.sh"
need jq ping

for i in 1 2 3 4; do
	vm vm$i 10.0.0.$i/24 fd00::$i/64
done
setup midoctl bridge add net0
setup midoctl bridge add net1
for i in 1 2 3; do
	setup midoctl port add net0:vm$i dev vm$i
done
setup midoctl port add net1:vm4 dev vm4

check "port is up" test "$(port_state net0:vm1)" = up
check "IPv4 between two VMs, first packet included" can_ping vm1 10.0.0.2
check "IPv6 between two VMs, first packet included" can_ping vm2 fd00::3
check "no way between two bridges" cannot_ping vm1 10.0.0.4

check "a third VM does not see their unicast" \
	deaf vm3 "^$(mac_of vm2)" can_ping vm1 10.0.0.2 5

check "the flow table knows the way" \
	test "$(json 'map(select(.["in-port"] == "net0:vm1")) | length' flow list)" -gt 0
check "traffic is counted at the port" \
	test "$(json '.[] | select(.name == "net0:vm1") | .["rx-packets"]' stats port)" -ge 8
