#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Random netlink messages, with devices to bind and traffic on them, through a
# bridge and a router.
# FUZZ_SECONDS (20) and FUZZ_SEED (time) may be set.
. "$(dirname "$0")/../selftests/lib.sh"

vm fz0 10.0.0.1/24
vm fz1 10.0.0.2/24
vm fz2 10.0.16.2/24
gateway fz0 10.0.0.254
gateway fz2 10.0.16.254
seed=${FUZZ_SEED:-$(date +%s)}
seconds=${FUZZ_SECONDS:-20}
# Packets for those that are there, for VIPs, and for addresses that are translated.
talk() {
	local i
	while :; do
		for i in 10.0.0.2/7 10.0.16.2/7 10.0.16.2/8 10.0.0.1/7 10.0.99.{1,2,3}/{80,81,82} \
			10.0.98.{1,2,3}/{2000,2001}; do
			echo x > /dev/udp/$i
		done
		read -rt 0.1
	done <> <(:)
}
export -f talk
in_vm fz0 bash -c talk 2> /dev/null &
in_vm fz2 bash -c talk 2> /dev/null &
in_vm fz0 ping -i 0.2 10.0.0.2 > /dev/null 2>&1 &
in_vm fz0 ping -i 0.2 10.0.16.2 > /dev/null 2>&1 &
check "netlink fuzzer (seed $seed, $seconds s)" "$bin/nlfuzz" "$seconds" "$seed"
grep '^#' "$scratch/out"
echo "# connections: $(subsystem connections)"
echo "# drops: $(json 'group_by(.reason) | map("\(.[0].reason) \(map(.packets) | add)") | join(", ")' drops)"
check "the family still answers" midoctl --force flush
