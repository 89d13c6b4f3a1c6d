#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The device behind a port may appear, vanish, be renamed, go down, lose its
# carrier or leave the namespace: state follows and comes back by itself.
. "$(dirname "$0")/lib.sh"
need jq ping

state_is() { [ "$(port_state "$1")" = "$2" ]; }
becomes() { wait_for 5 state_is "$@"; }

vm vm2 10.0.0.2/24
setup midoctl bridge add net0
setup midoctl port add net0:vm2 dev vm2
setup midoctl port add net0:idle
check "no device, no peer: unplugged" becomes net0:idle unplugged
midoctl port add net0:vm1 dev vm1 --force > /dev/null 2>&1 || midoctl apply --merge - <<-E
	{"midonet": 1, "bridges": [{"name": "net0", "ports": [{"name": "vm1", "dev": "vm1"}]}]}
E
check "no such device: no-device" becomes net0:vm1 no-device

vm vm1 10.0.0.1/24
check "it appears: up" becomes net0:vm1 up
check "and works" can_ping vm1 10.0.0.2
setup ip link set vm1 down
check "device down: down" becomes net0:vm1 down
check "nothing passes" cannot_ping vm1 10.0.0.2
setup ip link set vm1 up
check "up again" becomes net0:vm1 up
setup in_vm vm1 ip link set eth0 down
check "the far end is down: no-carrier" becomes net0:vm1 no-carrier
setup in_vm vm1 ip link set eth0 up
setup in_vm vm1 ip addr replace 10.0.0.1/24 dev eth0
check "carrier is back" becomes net0:vm1 up

setup ip link set vm1 down
setup ip link set vm1 name renamed
check "renamed away: no-device" becomes net0:vm1 no-device
setup ip link set renamed name vm1
setup ip link set vm1 up
check "renamed back: up" becomes net0:vm1 up
check "and works" can_ping vm1 10.0.0.2

setup ip netns add "$(ns far)"
vms="$vms $(ns far)"
setup ip link set vm1 netns "$(ns far)"
check "moved to another namespace: no-device" becomes net0:vm1 no-device
setup ip netns exec "$(ns far)" ip link set vm1 netns $$
setup ip link set vm1 up
check "back: up" becomes net0:vm1 up
check "and works" can_ping vm1 10.0.0.2

setup ip link del vm1
check "deleted: no-device" becomes net0:vm1 no-device
check "the other port never noticed" becomes net0:vm2 up

setup ip link add br0 type bridge
setup ip link add d0 type dummy
setup ip link set d0 master br0
refused "a device of a Linux bridge" d0 midoctl port add net0:d0 dev d0
refused "a device that does not exist" tap9 midoctl port add net0:tap9 dev tap9
refused "a device another port has" vm2 midoctl port add net0:again dev vm2

setup midoctl port set net0:vm2 admin-up false
check "admin-up false: down" becomes net0:vm2 down
setup midoctl port set net0:vm2 admin-up none
check "admin-up default: up" becomes net0:vm2 up
setup midoctl unbind net0:vm2
check "unbound: unplugged" becomes net0:vm2 unplugged
check "the device is free again" ip link set vm2 master br0
