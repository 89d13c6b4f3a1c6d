#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1 -- net0 -- vm2 (out-chain c), and PORTS (70) more ports
#
# The end comes when everything is in use: packets, the flood worker, parked
# fragments, a full MAC table, a live trace, an open transaction. First the end of
# a namespace, then of the module, which is loaded again. The kernel log, and what
# rmmod says of the slabs, is the judge.
#
#	teardown.sh storm FILE	make the load in a namespace of its own, list its VMs
#				in FILE, then just end
. "$(dirname "$0")/../lib.sh"
need jq

ko=${MN_TOP:-}/build/${MN_KERNEL:-}/midonet.ko
[ -e "$ko" ] || skip_all "only in a test kernel"
ports=${PORTS:-70}
packets=${PACKETS:-1000}
jobs=

background() { "$@" > /dev/null 2>&1 & jobs="$jobs $!"; }

topology() {
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
	setup sysctl -qw net.midonet.macs_per_port=256
}

load() {
	# more than are learned
	setup strangers vm1 600 60
	check "the MAC table is full" test "$(json length mac list net0)" -ge 256
	background blast vm1 600
	background in_vm vm2 "$bin/frame" blast eth0 020000000099 600
	background midoctl trace --live 1000 proto tcp
	background "$bin/flip" 0 $(json '.[].id' rule list c)
	background "$bin/flip" 1000000 $(json '.[].id' rule list c)
	setup wait_for 120 busy
}

# Both VMs have sent what they are to send, and floods have left.
busy() {
	json '[.[] | select(.name == "net0:vm1" or .name == "net0:vm2") |
		.["rx-packets"] > '$packets'] + [.[] | select(.name == "net0:x'$ports'") |
		.["tx-packets"] > '$((packets / 10))'] | all' stats port | grep -q true
}

if [ "${1:-}" = storm ]; then
	topology
	load
	echo "$vms" > "$2"
	[ $failed -eq 0 ] || exit 1
	# no clean-up: the namespace goes with the last of its processes
	trap - EXIT
	kill $jobs
	exit 0
fi

check "a namespace in full use ends" \
	env MN_HYPERVISOR= "$0" storm "$scratch/vms"
for vm in $(cat "$scratch/vms"); do
	check "its VM $vm goes" ip netns del "$vm"
done
topology
load
check "the module is removed in full use" wait_for 60 rmmod midonet
check "it is loaded again" insmod "$ko"
check "nothing is left in it" test "$(json length bridge list)" = 0
kill $jobs 2> /dev/null
wait
setup midoctl bridge add net0
setup midoctl port add net0:vm1 dev vm1
setup midoctl port add net0:vm2 dev vm2
check "it works" can_ping vm1 10.0.0.2
