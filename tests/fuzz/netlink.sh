#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Random netlink messages, with devices to bind and traffic on them.
# FUZZ_SECONDS (20) and FUZZ_SEED (time) may be set.
. "$(dirname "$0")/../selftests/lib.sh"

vm fz0 10.0.0.1/24
vm fz1 10.0.0.2/24
seed=${FUZZ_SEED:-$(date +%s)}
seconds=${FUZZ_SECONDS:-20}
in_vm fz0 ping -i 0.2 10.0.0.2 > /dev/null 2>&1 &
check "netlink fuzzer (seed $seed, $seconds s)" "$bin/nlfuzz" "$seconds" "$seed"
check "the family still answers" midoctl --force flush
