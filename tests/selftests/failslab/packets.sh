#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1 -- net0 -- vm2 (out-chain c), and 70 more ports
#
# A fifth of the allocations that packets make fails: socket buffers, learned MACs,
# flows, fragments, parked packets, places of drops. Packets get lost; nothing else
# does, and afterwards all is well. The kernel log, and what rmmod says of the slabs,
# is the judge. Needs a kernel booted with slub_debug=A,mn_*,skbuff*.
. "$(dirname "$0")/../lib.sh"
need jq ping

knobs=/sys/kernel/debug/failslab
ports=70
grep -qs 1 /sys/kernel/slab/mn_fdb/failslab ||
	skip_all "allocations cannot fail here; see tests/check"

vm vm1 10.0.0.1/24
vm vm2 10.0.0.2/24
for i in $(seq $ports); do
	echo "link add x$i type veth peer name y$i"
	echo "link set x$i up"
	echo "link set y$i up"
done > "$scratch/links"
{
	echo "bridge add net0"
	echo "chain add c"
	echo "rule add c proto udp dst-port 7 drop"
	echo "rule add c proto udp dst-port 8 accept"
	echo "port add net0:vm1 dev vm1"
	echo "port add net0:vm2 dev vm2 out-chain c"
	for i in $(seq $ports); do
		echo "port add net0:x$i dev x$i"
	done
} > "$scratch/batch"
setup ip -batch "$scratch/links"
setup midoctl batch "$scratch/batch"
setup can_ping vm1 10.0.0.2

midoctl trace --live 1000 > "$scratch/live" 2>&1 &
live=$!
before=$(cat $knobs/times)
echo Y > $knobs/cache-filter
echo 20 > $knobs/probability
strangers vm1 600 60
in_vm vm1 "$bin/frame" blast eth0 "$(mac_of vm2)" 2 9 > "$scratch/sent"
in_vm vm1 "$bin/frame" blast eth0 "$(mac_of vm2)" 1 7 > /dev/null
in_vm vm2 "$bin/frame" blast eth0 020000000099 2 > /dev/null
echo 0 > $knobs/probability
echo N > $knobs/cache-filter
failed_allocs=$((before - $(cat $knobs/times)))
kill $live 2> /dev/null
wait

check "packets came ($(cat "$scratch/sent") of one kind)" \
	test "$(cat "$scratch/sent")" -gt 100
check "$failed_allocs allocations failed" test $failed_allocs -gt 100
check "MACs were learned all the same" test "$(json length mac list net0)" -gt 10
check "packets pass again" can_ping vm1 10.0.0.2
check "everything goes" midoctl flush
check_eq "nothing is left" "$(json length mac list) $(json length flow list)" "0 0"
