#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1 -- (in-chain a) net0 (out-chain b) -- vm2
#
# Two chains are flipped together, thousands of times, under load on two CPUs:
# either a drops and b accepts, or a accepts and b drops. A packet that gets
# through saw a mix of two generations.
. "$(dirname "$0")/../lib.sh"
need jq nstat

flips=${FLIPS:-2000}

vm vm1 10.0.0.1/24
vm vm2 10.0.0.2/24
setup midoctl batch - <<-E
	bridge add net0
	chain add a
	chain add b
	rule add a proto udp accept
	rule add b proto udp accept
	port add net0:vm1 dev vm1 in-chain a
	port add net0:vm2 dev vm2 out-chain b
	mac add net0 $(mac_of vm2) port vm2
E

# No listener in vm2: each UDP datagram that gets through counts in UdpNoPorts.
arrived() { in_vm vm2 nstat -az UdpNoPorts | awk '/UdpNoPorts/ {print $2}'; }

blast vm1 1 > /dev/null
check "control: with both chains accepting, packets arrive" test "$(arrived)" -gt 0

cat > "$scratch/0" <<-E
	rule set a pos 1 action accept
	rule set b pos 1 action drop
E
cat > "$scratch/1" <<-E
	rule set a pos 1 action drop
	rule set b pos 1 action accept
E
setup midoctl batch "$scratch/0"
base=$(arrived)
(while :; do blast vm1 5 > /dev/null; done) &
load=$!
before=$(json .generation status)
for i in $(seq $((flips / 2))); do
	midoctl batch "$scratch/1" && midoctl batch "$scratch/0" || break
done
after=$(json .generation status)
kill $load 2> /dev/null
ip netns pids "$(ns vm1)" | xargs -r kill 2> /dev/null
sleep 1
check_eq "$flips flips happened" $((after - before)) "$flips"
check "there was load" test \
	"$(json '.[] | select(.name == "net0:vm1") | .["rx-packets"]' stats port)" -gt 1000
check "both chains decided" test "$(dropped chain)" -gt 100
check_eq "no packet saw a mix of two generations" $(($(arrived) - base)) 0
