#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1 -- net0 (out-chain c) -- vm2
#
# Devices, objects, rules, readers and namespaces come and go under load on two
# CPUs. The kernel log is the judge; in the end traffic must flow. A process costs
# much in these kernels, so what is to be fast is one: the netlink fuzzer makes
# objects, some bound to fz0 and fz1, transactions, dumps and traces; ip makes and
# removes these devices.
. "$(dirname "$0")/../lib.sh"
need jq

seconds=${CHURN_SECONDS:-40}
seed=${FUZZ_SEED:-$(date +%s)}
vm vm1 10.0.0.1/24
vm vm2 10.0.0.2/24
setup midoctl batch - <<-E
	bridge add net0
	chain add c
	rule add c proto udp dst-port 8 accept
	rule add c proto udp dst-port 7 drop
	port add net0:vm1 dev vm1
	port add net0:vm2 dev vm2 out-chain c
E
rules=$(json '.[].id' rule list c)

devices() {
	while :; do
		echo link add fz0 type veth peer name fz1
		echo link set fz0 up
		echo link set fz1 up
		echo link set fz0 mtu 1400
		echo link set fz1 down
		echo link set fz1 name fz2
		echo link set fz2 name fz1
		echo link set fz1 up
		echo link set vm2 mtu 1400
		echo link set vm2 mtu 1500
		echo link del fz0
	done | ip -force -batch -
}
rebinding() {
	midoctl unbind net0:vm2
	midoctl bind net0:vm2 dev vm2
}
readers() {
	midoctl -j flow list
	midoctl -j mac list
	midoctl -j drops
	midoctl -j stats
	midoctl flow flush
}
namespaces() {
	unshare --net sh -c 'ip link add a type veth peer name b
		printf "%s\n" "bridge add x" "port add x:a dev a" "port add x:b dev b" |
			midoctl batch -
		ip link set a up; ip link set b up'
}
until_end() { while [ -e "$scratch/storm" ]; do "$@"; done; }
background() { "$@" > /dev/null 2>&1 & jobs="$jobs $!"; }

jobs=
: > "$scratch/storm"
background blast vm1 600
# shellcheck disable=SC2086 # two words
background "$bin/flip" 10000000 $rules
background devices
for job in rebinding readers namespaces; do
	background until_end $job
done
check "netlink fuzzer (seed $seed, $seconds s)" "$bin/nlfuzz" "$seconds" "$seed"
rm "$scratch/storm"
# shellcheck disable=SC2086 # a list
kill $jobs 2> /dev/null
ip netns pids "$(ns vm1)" | xargs -r kill
wait
check "what is left is removed" midoctl --force flush
ip link del fz0 2> /dev/null
setup midoctl bridge add net0
setup midoctl port add net0:vm1 dev vm1
setup midoctl port add net0:vm2 dev vm2
check "traffic flows after the storm" can_ping vm1 10.0.0.2
