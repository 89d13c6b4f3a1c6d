#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# midonetd serves DHCP: what is written in the store is what VMs are told, and
# whoever has an address does not notice when the daemon dies.
#
#	file -- midonetd -- kernel: vm1 -- net0 -- vm2
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_dhcp.sh"
need busybox

file=$scratch/topology
store=file:$file

vm vm1 10.0.0.1/24
vm vm2 10.0.0.2/24
mac1=$(mac_of vm1) mac2=$(mac_of vm2)

# here COMMAND...: on the store, until it is in force
here() {
	midoctl -s "$store" "$@" && midoctl -s "$store" wait --timeout 20
}

midoctl -s "$store" batch - <<-END
	host add h1
	bridge add net0
	port add net0:vm1 dev vm1 host h1
	port add net0:vm2 dev vm2 host h1
	dhcp add net0 10.0.0.0/24 server 10.0.0.254 gateway 10.0.0.254 dns 10.0.0.53
	dhcp host add net0 10.0.0.0/24 mac $mac1 address 10.0.0.1
END
daemon "$store"
check "what a file says is in force" wait_for 20 store_says "ok +.*revision 1 is in force"
check "who is listed there is answered" udhcpc vm1
check_eq "its address" "$(told ip)" 10.0.0.1
check_eq "its name server" "$(told dns)" 10.0.0.53
check "a host is added" here dhcp host add net0 10.0.0.0/24 mac $mac2 address 10.0.0.2
check "it is answered" udhcpc vm2
check_eq "by its address" "$(told ip)" 10.0.0.2
check "they reach each other" can_ping vm1 10.0.0.2

stop KILL
check "the daemon is killed, they still do" can_ping vm1 10.0.0.2
check_fails "nobody is answered" udhcpc vm1
daemon "$store"
check "it is started again" wait_for 20 store_says "ok +.*revision 2 is in force"
check "and answers" udhcpc vm1
stop TERM
