#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1 -- net1 -- r0 -- net2 -- vm2
#
# A fifth of the allocations that packets make fails while thousands of connections
# begin, are translated, balanced and give way to others. Packets get lost; nothing
# else does, and afterwards all is well. The kernel log, and what rmmod says of the
# slabs, is the judge. Needs a kernel booted with slub_debug=A,mn_*,skbuff*.
. "$(dirname "$0")/../lib.sh"
need jq ping

knobs=/sys/kernel/debug/failslab
grep -qs 1 /sys/kernel/slab/mn_conn/failslab ||
	skip_all "allocations cannot fail here; see tests/check"

vm vm1 10.0.1.1/24
vm vm2 10.0.0.2/24
gateway vm1 10.0.1.254
gateway vm2 10.0.0.254
setup midoctl batch - <<-E
	bridge add net1
	bridge add net2
	chain add sg
	chain add out
	rule add sg state invalid drop
	port add net1:vm dev vm1
	port add net2:vm dev vm2
	port add net1:up
	port add net2:up
	bridge set net1 in-chain sg
	router add r0 out-chain out
	port add r0:a mac 02:00:00:00:00:fe addresses 10.0.1.254/24 peer net1:up
	port add r0:b addresses 10.0.0.254/24,10.0.0.50/32 peer net2:up
	rule add out out-port r0:b dst 10.0.0.0/24 snat target 10.0.0.50:1024-65535
	load-balancer add lb router r0
	load-balancer pool add lb p
	load-balancer member add lb p 10.0.0.2:7
	load-balancer vip add lb 10.0.9.9:9 proto udp pool p sticky 60
E
setup sysctl -qw net.midonet.conns_per_port=1000
setup can_ping vm1 10.0.0.2

before=$(cat $knobs/times)
echo Y > $knobs/cache-filter
echo 20 > $knobs/probability
for dst in 10.0.9.9 10.0.0.2; do
	in_vm vm1 "$bin/frame" blast eth0 02:00:00:00:00:fe 2 9 $dst
done > "$scratch/sent"
echo 0 > $knobs/probability
echo N > $knobs/cache-filter
failed_allocs=$((before - $(cat $knobs/times)))

read -rd "" a b < "$scratch/sent"
sent=$((a + b))
check "packets came ($sent)" test "$sent" -gt 100
check "$failed_allocs allocations failed" test $failed_allocs -gt 100
said=$(subsystem connections)
check "connections were made all the same: $said" \
	grep -qE ': [1-9][0-9]+ of .* [1-9][0-9]* translated; [1-9][0-9]* gave way' <<< "$said"
counted nomem 1
check "packets pass again" can_ping vm1 10.0.0.2
check "everything goes" midoctl flush
gone() { grep -q ' 0 of ' <<< "$(subsystem connections)"; }
check "connections too" wait_for 20 gone
