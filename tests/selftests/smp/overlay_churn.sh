#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1 - h1 -- underlay -- h2 - vm2
#
# Zones, their members, keys, hosts of ports, addresses and devices of the underlay come
# and go under load on two CPUs, at last a whole hypervisor. The kernel log is the judge;
# in the end traffic must flow.
. "$(dirname "$0")/../lib.sh"
. "$tools/lib_overlay.sh"
need jq

seconds=${OVERLAY_SECONDS:-20}
under 2
for i in 1 2; do
	guest h$i vm$i 10.0.0.$i/24
done
topology() {
	{
		bridged 2
		zone tz 4 2
		zone z6 6 2 encap geneve
		echo "mac add net0 $(mac_of vm1) port vm1"
		echo "mac add net0 $(mac_of vm2) port vm2"
	} | everywhere "$@"
}
topology h1 h2

zones() {
	on h1 batch - <<-E
		tunnel-zone set tz encap geneve dscp 10
		tunnel-zone member del tz h2
	E
	on h1 batch - <<-E
		tunnel-zone del z6
		tunnel-zone member add tz h2 address 192.0.2.2
	E
	on h1 tunnel-zone set tz encap gre
	zone z6 6 2 encap geneve | on h1 batch -
	on h1 tunnel-zone set tz encap vxlan dscp inherit
}
hosts() {
	on h1 port set net0:vm2 tunnel-key 500
	on h1 port set net0:vm2 host h1 tunnel-key 102
	on h2 host set-local none
	on h1 port set net0:vm2 host h2
	on h2 host set-local h2
}
moving() {
	local h
	for h in "$h1" "$h2"; do
		ip -n "$h" -force -batch - <<-E
			addr del 192.0.2.${h:1:1}/24 dev eth0
			link set eth0 mtu 1400
			addr add 192.0.2.${h:1:1}/24 dev eth0
			link set eth0 down
			link set eth0 up mtu 1500
			addr add 2001:db8::${h:1:1}/64 dev eth0 nodad
		E
	done
}
readers() {
	on h1 status
	on h1 -j flow list
	on h1 -j stats
	on h1 tunnel-zone member list
	on h1 trace net0:vm1 hw-src "$mac1" hw-dst "$mac2" src 10.0.0.1 dst 10.0.0.2
}
until_end() { while [ -e "$scratch/storm" ]; do "$@"; done; }
background() { "$@" > /dev/null 2>&1 & jobs="$jobs $!"; }
received() { json_on h2 '[.[] | select(.name == "tz:h1" or .name == "z6:h1") | ."rx-packets"] | add' \
	stats tunnel-zone-member; }

h1=$(ns h1) h2=$(ns h2) mac1=$(mac_of vm1) mac2=$(mac_of vm2) jobs=
check "before it, everything passes" can_ping vm1 10.0.0.2
: > "$scratch/storm"
background in_vm vm1 "$bin/frame" blast eth0 "$mac2" 600
background in_vm vm1 "$bin/frame" blast eth0 ff:ff:ff:ff:ff:ff 600
background in_vm vm2 ping -f -s 2000 10.0.0.1
traffic=$jobs
for job in zones hosts moving readers; do
	background until_end $job
done
sleep "$seconds"
check "packets came meanwhile ($(received))" test "$(received)" -ge 100

# a hypervisor ends with everything in it, and comes again
rm "$scratch/storm"
setup ip netns del "$h2"
sleep 1
# shellcheck disable=SC2086 # a list
kill $traffic 2> /dev/null
for vm in vm1 vm2; do
	ip netns pids "$(ns $vm)" | xargs -r kill
done
wait
setup on h1 flush
setup ip netns add "$h2"
setup ip -batch - <<-E
	link add u2 type veth peer name eth0 netns $h2
	link set u2 up master under
E
setup ip -n "$h2" -batch - <<-E
	link set lo up
	link set eth0 up
	addr add 192.0.2.2/24 dev eth0
E
setup ip -n "$(ns vm2)" link add eth0 address "$mac2" type veth peer name vm2 netns "$h2"
setup ip -n "$h2" link set vm2 up
setup ip -n "$(ns vm2)" -batch - <<-E
	link set eth0 up
	addr add 10.0.0.2/24 dev eth0
E
setup ip -n "$h1" -batch - <<-E
	link set eth0 up mtu 1500
	addr replace 192.0.2.1/24 dev eth0
E
topology h1 h2
check "after the storm it flows" wait_for 10 can_ping vm1 10.0.0.2
