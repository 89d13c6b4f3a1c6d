#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	trunk (tags 10, 20) -- net0 --- vlan 10 --- net10 -- vm10
#	                        |  `---- vlan 20 --- net20 -- vm20
#	vm0 (untagged) ---------'
#
# Interior ports with a VLAN pop the tag towards the peer and push it back.
. "$(dirname "$0")/lib.sh"
need jq ping

vm trunk 10.0.0.1/24
vm vm0 10.0.0.2/24
vm vm10 10.0.10.2/24 fd10::2/64
vm vm20 10.0.10.3/24
setup in_vm trunk ip link add link eth0 name eth0.10 type vlan id 10
setup in_vm trunk ip link add link eth0 name eth0.20 type vlan id 20
setup in_vm trunk ip addr add 10.0.10.1/24 dev eth0.10
setup in_vm trunk ip addr add fd10::1/64 dev eth0.10 nodad
setup in_vm trunk ip link set eth0.10 up
setup in_vm trunk ip link set eth0.20 up

setup midoctl bridge add net0
setup midoctl bridge add net10
setup midoctl bridge add net20
setup midoctl port add net0:trunk dev trunk
setup midoctl port add net0:vm0 dev vm0
setup midoctl port add net10:vm dev vm10
setup midoctl port add net20:vm dev vm20
setup midoctl port add net10:up
setup midoctl port add net20:up
setup midoctl port add net0:v10 vlan 10 peer net10:up
setup midoctl port add net0:v20 vlan 20 peer net20:up

check "tag 10 reaches its bridge untagged, and back (IPv4)" can_ping trunk 10.0.10.2
check "the same with IPv6" can_ping trunk fd10::2
check "untagged frames stay on the trunk bridge" can_ping trunk 10.0.0.2
check "another VLAN is apart" cannot_ping vm10 10.0.10.3
check_eq "MACs are learned per VLAN" \
	"$(json "[.[] | select(.mac == \"$(mac_of trunk)\") | .vlan] | sort | join(\",\")" mac list net0)" 0,10,20

pad=$(printf '00%.0s' {1..46})
check "a broadcast with tag 20 arrives without tag" \
	hears vm20 '^ffffffffffff02000000000188b5' \
	frame trunk "ffffffffffff 020000000001 8100 0014 88b5 $pad"

refused "both ends with a vlan" vlan midoctl batch - <<-E
	port add net0:a vlan 30
	port add net10:a vlan 30 peer net0:a
E
