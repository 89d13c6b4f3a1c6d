#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Random frames into a topology with chains, anti-spoof, VLANs and links.
# FUZZ_SECONDS (20) and FUZZ_SEED (time) may be set.
. "$(dirname "$0")/../selftests/lib.sh"

vm fz0 10.0.0.1/24 fd00::1/64
vm fz1 10.0.0.2/24 fd00::2/64
vm fz2
seed=${FUZZ_SEED:-$(date +%s)}
seconds=${FUZZ_SECONDS:-20}
setup midoctl batch - <<-E
	ip-set add s members 10.0.0.0/24,fd00::/64
	chain add in
	chain add out
	rule add in src-set s continue
	rule add in fragment first,later continue
	rule add in proto tcp dst-port 22 drop
	rule add in icmp-type 133,134,135,136 continue
	rule add out tcp-flags 0x02/0x12 continue
	rule add out dst-port 67 continue
	bridge add a in-chain in
	bridge add b out-chain out
	port add a:fz0 dev fz0
	port add a:fz1 dev fz1 in-chain out out-chain in
	port add a:b
	port add a:v vlan 5
	port add b:a peer a:b
	port add b:fz2 dev fz2
	bridge add c
	port add c:v peer a:v
	neighbour add a 10.0.0.9 mac 02:00:00:00:00:09
	neighbour add a fd00::9 mac 02:00:00:00:00:09
E
run() {
	local i
	for i in 0 1 2; do
		in_vm fz$i "$here/pktfuzz.py" "$seconds" $((seed + i)) eth0 &
	done
	wait
}
check "packet fuzzer (seed $seed, $seconds s)" run
check "malformed frames were dropped and counted" test "$(dropped malformed)" -ge 1
# The VMs believed some of the ARP and ND they were sent.
in_vm fz0 ip neigh flush dev eth0
in_vm fz1 ip neigh flush dev eth0
check "the bridge still forwards" can_ping fz0 10.0.0.2
