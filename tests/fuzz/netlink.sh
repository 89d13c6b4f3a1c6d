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
in_vm fz0 ping -i 0.2 10.0.0.2 > /dev/null 2>&1 &
in_vm fz0 ping -i 0.2 10.0.16.2 > /dev/null 2>&1 &
check "netlink fuzzer (seed $seed, $seconds s)" "$bin/nlfuzz" "$seconds" "$seed"
grep '^#' "$scratch/out"
check "the family still answers" midoctl --force flush
