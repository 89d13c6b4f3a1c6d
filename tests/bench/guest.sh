#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Inside a test kernel: what the cases need, then the cases.
#
#	guest.sh KERNEL RESULTS ROUNDS CASE...
#	guest.sh KERNEL --profile ...

here=$(dirname "$(readlink -f "$0")")
top=$(dirname "$(dirname "$here")")
export BENCH_MODULES="$top/build/bench/$1"
export BENCH_COMMIT="$top/build/tests/commit"
export BENCH_ECHO="$top/build/bench/echo"
export PYTHONDONTWRITEBYTECODE=1

modprobe -q pktgen
modprobe -q openvswitch
insmod "$BENCH_MODULES/mn_feed.ko" || exit 1
exec /usr/bin/python3 "$here/guest.py" "$@"
