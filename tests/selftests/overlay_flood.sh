#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Floods and what else a bridge does, across hosts: each remote port by its own egress,
# many of them, tags, chains.
#
#	vm1, vm4 - h1 -.
#	vm2, x.. - h2 -+- underlay
#	vm3      - h3 -'
. "$(dirname "$0")/lib.sh"
. "$tools/lib_overlay.sh"
need jq ping

under 3
for i in 1 2 3; do
	guest h$i vm$i 10.0.0.$i/24
done
guest h1 vm4 10.0.0.4/24
# so that VMs send nothing by themselves
for i in 1 2 3 4; do
	setup in_vm vm$i sysctl -qw net.ipv6.conf.all.disable_ipv6=1
done
{
	bridged 3
	zone tz 4 3
	echo "port add net0:vm4 host h1 dev vm4"
} | everywhere h1 h2 h3
all=ffffffffffff0200000000aa

check "a broadcast reaches the next one" hears vm4 ^$all frame vm1 ${all}88b5$(printf '%092d' 1)
for i in 2 3; do
	check "and vm$i on another host" hears vm$i ^$all frame vm1 ${all}88b5$(printf '%092d' 1)
done
check "nobody twice" test "$(json_on h3 '.[] | select(.name == "net0:vm3") | ."tx-packets"' stats port)" -eq 3
check_eq "one copy for each port there" \
	"$(json_on h1 '[.[] | select(.name | startswith("tz:")) | ."tx-packets"] | @csv' stats tunnel-zone-member)" 3,3
check_eq "counted for the port" "$(json_on h1 '.[] | select(.name == "net0:vm2") | ."tx-packets"' stats port)" 3

# tags travel inside
for i in 1 2; do
	setup ip -n "$(ns vm$i)" -batch - <<-E
		link add link eth0 name eth0.7 type vlan id 7
		link set eth0.7 up
		addr add 10.7.0.$i/24 dev eth0.7
	E
done
check "tagged frames pass, tagged" can_ping vm1 10.7.0.2
for h in h1 h2; do
	ip netns exec "$(ns $h)" ethtool -K eth0 tx off rxvlan off txvlan off > /dev/null 2>&1
done
check "whoever makes the tag" can_ping vm2 10.7.0.1

for i in 1 2; do
	setup ip -n "$(ns vm$i)" link del eth0.7
done

# chains are asked where the packet enters, and nowhere else
setup on h1 batch - <<-E
	chain add no3
	rule add no3 ethertype 0x88b5 drop
	port set net0:vm3 out-chain no3
E
check "a chain of the remote port is asked here" deaf vm3 ^$all frame vm1 ${all}88b5$(printf '%092d' 1)
check "for that port alone" hears vm2 ^$all frame vm1 ${all}88b5$(printf '%092d' 1)
setup on h3 batch - <<-E
	chain add nothing
	rule add nothing drop
	port set net0:vm3 out-chain nothing
	port set net0:vm3 in-chain nothing
E
setup on h1 port set net0:vm3 out-chain none
check "and not there" hears vm3 ^$all frame vm1 ${all}88b5$(printf '%092d' 1)
setup on h3 port set net0:vm3 in-chain none out-chain none

# more ports than are sent to at once
for i in $(seq 100); do
	echo "port add net0:x$i host h2 dev x$i tunnel-key $((1000 + i))"
done > "$scratch/many"
setup on h1 batch "$scratch/many"
# there are no such devices, which is said here, where they should be
setup on h2 --force batch "$scratch/many"
before=$(json_on h1 '.[] | select(.name == "tz:h2") | ."tx-packets"' stats tunnel-zone-member)
check "a flood to a hundred remote ports" hears vm3 ^$all frame vm1 ${all}88b5$(printf '%092d' 1)
sent() {
	local now
	now=$(json_on h1 '.[] | select(.name == "tz:h2") | ."tx-packets"' stats tunnel-zone-member)
	[ $((now - before)) -eq 101 ]
}
check "is one packet each" wait_for 3 sent
check_eq "of which those without device end there" "$(lost h2 port-down)" 100
setup on h1 tunnel-zone member del tz h2
check_eq "a host that leaves the zone is not reached" \
	"$(on h1 -j trace net0:vm1 hw-dst ff:ff:ff:ff:ff:ff ethertype arp | jq -c '[.verdict, .outputs]')" \
	'["flood",["net0:vm3","net0:vm4"]]'
check "others are" can_ping vm1 10.0.0.3
