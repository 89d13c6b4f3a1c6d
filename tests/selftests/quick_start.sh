#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Documentation/quick-start.md does what it says: its blocks are run as they stand,
# from the second section on.
. "$(dirname "$0")/lib.sh"
need jq

guide=$top/Documentation/quick-start.md
export TMPDIR=$scratch

# block N: the shell of section N
block() {
	awk -v n="$1" '/^## /{ in_it = $2 == n "." } /^```/{ code = !code && /sh$/; next } in_it && code' "$guide" |
		sed -e "s,/var/lib/midonet,$scratch,g" -e "s,/etc/midonet,$scratch,g" \
			-e "s,/usr/share/midonet,$scratch,g" \
			-e "s,> network.svg,> $scratch/network.svg," \
			-e "s,systemctl start midonetd,midonetd --config $scratch/midonet.conf,"
}

follow() {
	block "$1" > "$scratch/block$1"
	[ -s "$scratch/block$1" ] || return
	cd "$scratch" && bash -e -o pipefail "$scratch/block$1"
}

forget() {
	pkill -f "midonetd --config $scratch" || true
	ip netns del vm1
	ip netns del vm2
	ip netns del world
	finish
}
trap forget EXIT

sed "s,/var/lib/midonet,$scratch," "$top/userspace/system/midonet.conf.example" > \
	"$scratch/midonet.conf.example"
# The kernels of tests have no name.
hostname h1
ip netns add world
ip link add eth1 type veth peer name eth0 netns world
ip link set eth1 up
ip -n world link set eth0 up
ip -n world addr add 198.51.100.1/24 dev eth0

check "two VMs" follow 2
check "a network, two pings, a picture" follow 3
check "the picture is one" grep -q "</svg>" "$scratch/network.svg"
check "a firewall, a trace, drops" follow 4
cp "$scratch/out" "$scratch/traced"
check "the trace names the rule" grep -E "dropped by chain web|chain web.*drop" "$scratch/traced"
check "to the world" follow 5
check "a VM is there" ip netns exec vm1 ping -c 1 -W 2 198.51.100.1
check_fails "the firewall works" ip netns exec vm1 timeout 1 bash -c ': < /dev/tcp/10.0.0.2/22'
check "after a reboot" follow 6
check "the daemon brings it back" wait_for 20 ip netns exec vm1 ping -c 1 -W 1 198.51.100.1
