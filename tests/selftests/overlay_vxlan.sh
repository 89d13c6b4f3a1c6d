#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# One bridge on three hypervisors, joined by VXLAN.
#
#	vm1 - h1 -.
#	vm2 - h2 -+- underlay, IPv4
#	vm3 - h3 -'
. "$(dirname "$0")/lib.sh"
. "$tools/lib_overlay.sh"
need jq ping

under 3
for i in 1 2 3; do
	guest h$i vm$i 10.0.0.$i/24
done
{
	bridged 3
	zone tz 4 3
} | everywhere h1 h2 h3

check_eq "the zone is open" "$(zone_state h1 tz)" "up "
check "vm1 reaches vm2 at once" can_ping vm1 10.0.0.2
check "and vm3" can_ping vm1 10.0.0.3
check "and vm2 vm3" can_ping vm2 10.0.0.3
on h1 drops; on h1 stats; on h1 status; on h1 flow list; on h2 stats
on h1 trace net0:vm1 hw-dst "$(mac_of vm2)" hw-src "$(mac_of vm1)" src 10.0.0.1 dst 10.0.0.2 proto icmp
