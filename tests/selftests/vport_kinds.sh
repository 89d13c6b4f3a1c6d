#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A port takes any Ethernet device: tap, VLAN, dummy; not what is no Ethernet or
# serves somebody else. VLAN sub-devices of a bound device take their tags first.
. "$(dirname "$0")/lib.sh"
need jq ping

vm vm1 10.0.0.1/24
vm vm2 10.0.0.2/24
setup ip link add link vm1 name vm1.5 type vlan id 5
setup ip link set vm1.5 up
setup in_vm vm1 ip link add link eth0 name eth0.5 type vlan id 5
setup in_vm vm1 ip addr flush dev eth0
setup in_vm vm1 ip addr add 10.0.0.1/24 dev eth0.5
setup in_vm vm1 ip link set eth0.5 up
setup ip tuntap add tap0 mode tap
setup ip link set tap0 up
setup ip link add d0 type dummy
setup ip link set d0 up

setup midoctl bridge add net0
setup midoctl bridge add trunk
check "a VLAN device" midoctl port add net0:vlan dev vm1.5
setup midoctl port add net0:vm2 dev vm2
check "the device under it as well" midoctl port add trunk:vm1 dev vm1
check "a tap" midoctl port add net0:tap dev tap0
check_eq "nobody reads the tap" "$(port_state net0:tap)" no-carrier
check "a dummy" midoctl port add net0:dummy dev d0
check_eq "which is up" "$(port_state net0:dummy)" up

check "tagged frames come by the VLAN device" can_ping vm1 10.0.0.2
check_eq "where its MAC is learned, untagged" \
	"$(json ".[] | select(.mac == \"$(mac_of vm1)\" and .bridge == \"net0\") | .port + \" \" + (.vlan | tostring)" mac list)" "net0:vlan 0"
pad=$(printf '00%.0s' {1..46})
frame vm1 "ffffffffffff 020000000055 88b5 $pad" "ffffffffffff 020000000066 8100 0006 88b5 $pad"
check_eq "untagged ones and other tags by the device itself" \
	"$(json '[.[] | select(.port == "trunk:vm1") | .vlan] | sort | unique | join(",")' mac list)" "0,6"

setup ip tuntap add tun0 mode tun
refused "a device without Ethernet" tun0 midoctl port add net0:tun dev tun0
refused "the loopback device" lo midoctl port add net0:lo dev lo
