#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1 -- (in-chain a) net0 (out-chain b) -- vm2
#
# Two chains are flipped together, FLIPS (4000) times, under load on two CPUs:
# either a drops and b accepts, or a accepts and b drops. A packet that gets
# through saw a mix of two generations.
. "$(dirname "$0")/../lib.sh"
need jq nstat

flips=${FLIPS:-4000}

vm vm1 10.0.0.1/24
vm vm2 10.0.0.2/24
setup midoctl batch - <<-E
	bridge add net0
	chain add a
	chain add b
	rule add a proto udp dst-port 9 src-port 1 drop
	rule add a proto udp accept
	rule add b proto udp accept
	port add net0:vm1 dev vm1 in-chain a
	port add net0:vm2 dev vm2 out-chain b
	mac add net0 $(mac_of vm2) port vm2
E

# No listener in vm2: each UDP datagram that gets through counts in UdpNoPorts.
arrived() { in_vm vm2 nstat -az UdpNoPorts | awk '/UdpNoPorts/ {print $2}'; }
rule_of() { json '.[-1].id' rule list "$1"; }
came_in() { json '.[] | select(.name == "net0:vm1") | .["rx-packets"]' stats port; }
loaded() { [ "$(came_in)" -gt "${PACKETS:-1000}" ]; }

blast vm1 1 > /dev/null
check "control: with both chains accepting, packets arrive" test "$(arrived)" -gt 0

a=$(rule_of a)
b=$(rule_of b)
setup "$bin/flip" 2 "$a" "$b"	# from here on one of them drops
base=$(arrived)
# To port 9 every datagram is walked, as the source port matters; to port 10 a
# cached flow serves them until the next flip.
blast vm1 600 > /dev/null &
in_vm vm1 "$bin/frame" blast eth0 "$(mac_of vm2)" 600 10 > /dev/null &
setup wait_for 60 loaded
before=$(json .generation status)
check "one commit after the other is accepted" "$bin/flip" "$flips" "$a" "$b"
after=$(json .generation status)
ip netns pids "$(ns vm1)" | xargs -r kill 2> /dev/null
wait
check_eq "$flips flips happened" $((after - before)) "$flips"
check_eq "both chains dropped packets" \
	"$(json '[.[] | select(.reason == "chain" and .packets > '$((${PACKETS:-1000} / 10))')] | length' drops)" 2
check_eq "no packet saw a mix of two generations" $(($(arrived) - base)) 0
echo "# $(came_in) packets, $(dropped chain) dropped"
