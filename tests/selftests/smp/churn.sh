#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Devices, objects and namespaces come and go under load on two CPUs. The kernel
# log is the judge; in the end traffic must flow.
. "$(dirname "$0")/../lib.sh"
need jq

seconds=${SECONDS_OF_CHURN:-15}
vm vm1 10.0.0.1/24
vm vm2 10.0.0.2/24
setup midoctl bridge add net0
setup midoctl port add net0:vm1 dev vm1
setup midoctl port add net0:vm2 dev vm2
setup midoctl chain add c

end=$(($(date +%s) + seconds))
until_end() { while [ "$(date +%s)" -lt $end ]; do "$@" > /dev/null 2>&1; done; }

load() { blast vm1 2; }
bridges() {
	midoctl bridge add tmp
	midoctl port add tmp:a
	midoctl port add net0:tmp peer tmp:a
	midoctl port del net0:tmp
	midoctl bridge del tmp
}
rules() {
	midoctl port set net0:vm2 out-chain c
	midoctl rule add c proto udp dst-port 9 accept
	midoctl rule del c pos 1
	midoctl port set net0:vm2 out-chain none
}
devices() {
	ip link add churn type veth peer name churn-b
	ip link set churn up
	ip link set churn-b up
	midoctl port add net0:churn dev churn
	ip link del churn
	midoctl port del net0:churn
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
	unshare --net sh -c 'ip link add a type veth peer name b; ip link set a up; ip link set b up
		midoctl bridge add x; midoctl port add x:a dev a; midoctl port add x:b dev b'
}
for job in load bridges rules devices rebinding readers namespaces; do
	until_end $job &
done
wait
midoctl port set net0:vm2 out-chain none > /dev/null 2>&1
midoctl bind net0:vm2 dev vm2 > /dev/null 2>&1
check "traffic flows after the storm" can_ping vm1 10.0.0.2
check_eq "nothing is left over" "$(json length bridge list)" 1
