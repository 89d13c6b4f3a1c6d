#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1 - h1 -- underlay -- h2 - vm2
#
# Packets that are nearly right, for the tunnels of h1, which are open by every
# encapsulation over IPv4 and IPv6: lengths, flags, options, what is inside, cut anywhere,
# from members and others. FUZZ_SECONDS (20) and FUZZ_SEED (time) may be set.
. "$(dirname "$0")/../selftests/lib.sh"
. "$tools/lib_overlay.sh"
need jq

seed=${FUZZ_SEED:-$(date +%s)}
seconds=${FUZZ_SECONDS:-20}
under 2
for i in 1 2; do
	guest h$i vm$i 10.0.0.$i/24 fd00::$i/64
done
{
	bridged 2
	zone a 4 2 encap vxlan
	zone b 4 2 encap geneve
	zone c 4 2 encap gre
	zone d 6 2 encap vxlan
	zone e 6 2 encap geneve
} | everywhere h1 h2
mac1=$(in_vm h1 cat /sys/class/net/eth0/address)

run() {
	local pid
	"$tools/overlay_raw.py" under "$mac1" fuzz "$seconds" "$seed" 192.0.2.2 192.0.2.1 > "$scratch/n4" &
	pid=$!
	"$tools/overlay_raw.py" under "$mac1" fuzz "$seconds" $((seed + 1)) 2001:db8::2 2001:db8::1 > "$scratch/n6" &&
		wait $pid
}
check "tunnel fuzzer (seed $seed, $seconds s)" run
echo "# packets: $(cat "$scratch/n4") and $(cat "$scratch/n6")"
echo "# drops: $(json_on h1 'group_by(.reason) | map("\(.[0].reason) \(map(.packets) | add)") | join(", ")' drops)"
for reason in tunnel-peer tunnel-header tunnel-key tunnel-ecn tunnel-option; do
	check "some were dropped as $reason" test "$(lost h1 $reason)" -gt 0
done
check "some came through" test "$(json_on h1 '.[] | select(.name == "net0:vm1") | ."tx-packets"' stats port)" -gt 0
# what the fuzzer told the VM is forgotten
in_vm vm1 ip neigh flush dev eth0
for zone in a b c d e; do
	check "zone $zone is open" test "$(zone_state h1 $zone)" = "up "
	check "vm1 and vm2 reach each other by it" can_ping vm1 10.0.0.2
	check "and by IPv6" can_ping vm2 fd00::1
	for h in h1 h2; do
		setup on $h tunnel-zone del $zone
	done
done
