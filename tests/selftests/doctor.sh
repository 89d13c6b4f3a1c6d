#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# midoctl doctor: what is wrong, and the command that helps, which is then typed. What
# it says without the module is tested in userspace/tests/doctor_test.c.
. "$(dirname "$0")/lib.sh"
need jq ping

vm vm1 10.0.0.1/24
vm vm2 10.0.0.2/24
setup midoctl batch - <<-END
	host add h1
	bridge add net0
	port add net0:vm1 dev vm1
	port add net0:vm2 dev vm2
END
setup midoctl host set-local h1

# finds NAME: what it says of it, and what to type
examine() {
	midoctl -j doctor > "$scratch/found"
}
finds() {
	jq -r --arg n "$1" '.[] | select(.name == $n and .level != "ok") | .level + ": " + .text + " # " + (.next // "")' \
		"$scratch/found"
}
# helps NAME: what it says to type is typed
helps() {
	local next
	next=$(jq -r --arg n "$1" '[.[] | select(.name == $n and .next) | .next][0]' "$scratch/found")
	echo "# $next"
	# shellcheck disable=SC2086 # a command line
	setup $next
}

check "all is well" examine
check_eq "so there is nothing to do but about the module, which was loaded by hand" \
	"$(jq -r '[.[] | select(.level != "ok") | .name] - ["installed", "module"] | join(" ")' "$scratch/found")" ""
check_eq "the ports are looked at" \
	"$(jq -r '.[] | select(.name == "ports") | .text' "$scratch/found")" "all of 2 work"

setup ip link set vm1 down
setup examine
check_eq "a device that is down" "$(finds port)" \
	"warning: net0:vm1 is down: device vm1 is down # ip link set vm1 up"
helps port
setup examine
check_eq "is helped" "$(finds port)" ""

setup ip -batch - <<-END
	link add br0 type bridge
	link add x1 type veth peer name x2
	link set x1 up
	link set x1 master br0
END
setup midoctl --force port add net0:x dev x1
check_fails "a device of a Linux bridge is an error" examine
check_eq "with its name" "$(finds port)" \
	"error: net0:x: device x1 is enslaved to br0 # ip link set x1 nomaster"
helps port
setup ip link set x2 up
setup wait_for 10 examine
check_eq "is helped" "$(finds port)" ""
setup ip link del x1
setup examine
check_eq "a device that is gone" "$(finds port)" \
	"warning: net0:x: no device x1 in this network namespace; start what makes it, or have the port without one # midoctl unbind net0:x"
helps port
setup examine
check_eq "is helped" "$(finds port)" ""

# Tunnels
setup ip -batch - <<-END
	link add under mtu 1500 type dummy
	link set under up
	addr add 192.0.2.1/24 dev under
END
setup midoctl batch - <<-END
	host add h2
	tunnel-zone add tz
	tunnel-zone member add tz h1 address 192.0.2.1
	tunnel-zone member add tz h2 address 192.0.2.2
END
setup examine
check_eq "an underlay that is too narrow" "$(finds mtu)" \
	"warning: tunnel-zone tz: under has MTU 1500, packets of vm1 (1500) do not fit behind 50 bytes of headers: raise it on all hosts and switches, or have VMs use 1450 # ip link set under mtu 1550"
helps mtu
setup examine
check_eq "is helped" "$(finds mtu)" ""
setup ip addr del 192.0.2.1/24 dev under
check "an address that is gone is an error" wait_for 20 sh -c "! midoctl doctor"
check "which says so" grep -q 'error .*tunnel-zone tz' <(midoctl doctor)
setup midoctl tunnel-zone del tz

# Stores
check_fails "a store that does not answer" midoctl -j -s zk:127.0.0.1:1/x doctor
midoctl -j -s zk:127.0.0.1:1/x doctor > "$scratch/found"
check "is an error" grep -q '^error: zk:127.0.0.1:1/x: ' <(finds store)
setup midoctl -s "file:$scratch/topology" apply <(midoctl export)
setup midoctl flush
daemon "file:$scratch/topology"
setup wait_for 20 store_says "ok +.*is in force"
check "a kernel that belongs to a store is well" examine
check_eq "whose it is, is said" \
	"$(jq -r '.[] | select(.name == "owner") | .next' "$scratch/found")" "midoctl -s file:$scratch/topology show"
stop KILL
setup examine
check "a daemon that does not run" grep -q '^warning: nobody reports .* # systemctl start midonetd$' <(finds store)
check_eq "without privileges it says so first" \
	"$(setpriv --bounding-set -net_admin --inh-caps -net_admin midoctl -j doctor | jq -r '.[0].next')" \
	"sudo midoctl doctor"
