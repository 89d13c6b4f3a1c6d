#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1, vm2 -- net0 -- r0		10.0.0.0/24, server and gateway 10.0.0.1
#	vm4 -- net1			10.1.0.0/24, the server 10.1.0.1 is nobody's
#
# Clients get what the subnet and their host say.
. "$(dirname "$0")/lib.sh"
need jq busybox dhclient arping
. "$(dirname "$0")/lib_dhcp.sh"

for i in 1 2 4; do
	vm vm$i
	eval "mac$i=$(mac_of vm$i)"
done
setup midoctl batch - <<-E
	bridge add net0
	bridge add net1
	port add net0:vm1 dev vm1
	port add net0:vm2 dev vm2 allowed-addresses $mac2=10.0.0.6
	port add net0:r0
	port add net1:vm4 dev vm4
	router add r0
	port add r0:net0 mac 02:00:00:00:01:01 addresses 10.0.0.1/24 peer net0:r0
	dhcp add net0 10.0.0.0/24 server 10.0.0.1 gateway 10.0.0.1 dns 10.0.0.53,192.0.2.53 mtu 1400 lease 7200 routes 10.9.0.0/16=10.0.0.9
	dhcp host add net0 10.0.0.0/24 mac $mac1 address 10.0.0.5 name vm1 options ntp-servers=10.0.0.7,domain-search=a.example,b.example,222=0x010203
	dhcp host add net0 10.0.0.0/24 mac $mac2 address 10.0.0.6
	dhcp add net1 10.1.0.0/24 server 10.1.0.1
	dhcp host add net1 10.1.0.0/24 mac $mac4 address 10.1.0.5 name vm4
E
check_eq "the router's port speaks for the server" \
	"$(json '.[0]["server-mac"] + " " + .[0]["gateway-mac"]' dhcp list net0)" \
	"02:00:00:00:01:01 02:00:00:00:01:01"
served

check "udhcpc gets an answer" udhcpc vm1 -O staticroutes -O mtu -O ntpsrv -O search -O 222
check_eq "its address" "$(told ip)/$(told mask)" 10.0.0.5/24
check_eq "router, name servers" "$(told router) $(told dns)" "10.0.0.1 10.0.0.53 192.0.2.53"
check_eq "server, lease" "$(told serverid) $(told lease)" "10.0.0.1 7200"
check_eq "MTU, broadcast, name" "$(told mtu) $(told broadcast) $(told hostname)" "1400 10.0.0.255 vm1"
check_eq "routes, and the default one" "$(told staticroutes)" "10.9.0.0/16 10.0.0.9 0.0.0.0/0 10.0.0.1"
check_eq "options of the host" "$(told ntpsrv) $(told search) $(told opt222)" \
	"10.0.0.7 a.example b.example 010203"
check "the address is good for its gateway" can_ping vm1 10.0.0.1

check "dhclient gets an answer, behind anti-spoofing" dhclient vm2
check_eq "its address" "$(told new_ip_address)/$(told new_subnet_mask)" 10.0.0.6/255.255.255.0
check_eq "no name, no options" "$(told new_host_name)$(told new_ntp_servers)" ""
check_eq "the rest of the subnet" "$(told new_routers) $(told new_interface_mtu) $(told new_dhcp_lease_time)" \
	"10.0.0.1 1400 7200"
check "they reach each other" can_ping vm2 10.0.0.5

check "a client that remembers its address asks for it" dhclient vm2
check_eq "and may keep it" "$(told reason) $(told new_ip_address)" "REBOOT 10.0.0.6"
setup midoctl batch - <<-E
	dhcp host set net0 10.0.0.0/24 mac $mac2 address 10.0.0.8 name two
	port set net0:vm2 allowed-addresses $mac2=10.0.0.8
E
setup in_vm vm2 ip addr flush dev eth0
check "its address was changed: what it remembers is refused" dhclient vm2
check_eq "and it begins anew" "$(told reason) $(told new_ip_address) $(told new_host_name)" "BOUND 10.0.0.8 two"

# The server's address is nobody's: the bridge has it.
mac=$(json '.[0]["server-mac"]' dhcp list net1)
check_fails "to who probes for the server's address, too, the bridge answers" \
	in_vm vm4 arping -D -q -I eth0 -c 1 -w 2 10.1.0.1
setup in_vm vm4 ip addr add 10.1.0.9/24 dev eth0
answer=$(in_vm vm4 arping -I eth0 -c 1 -w 2 10.1.0.1)
check_eq "the bridge answers ARP for the server, with a MAC of its own" \
	"$(grep -io "$mac" <<< "$answer")" "${mac^^}"
setup in_vm vm4 ip addr flush dev eth0

# A lease is renewed by unicast.
renewed() {
	local vm=$1 pid
	rm -f "$SAID"
	ip netns exec "$(ns "$vm")" busybox udhcpc -i eth0 -f -s "$tools/lib_dhcp_said.sh" > "$scratch/renew" 2>&1 &
	pid=$!
	wait_for 5 test -e "$SAID" || return 1
	[ "$(told what)" = bound ] || return 1
	rm -f "$SAID"
	kill -USR1 $pid
	wait_for 5 test -e "$SAID"
	kill $pid
	wait $pid 2> /dev/null
	[ "$(told what)" = renew ]
}
check "a lease is renewed, by the router's MAC" renewed vm1
check "and by the bridge's" renewed vm4
check_eq "no gateway is told where there is none" "$(told ip)$(told router)" 10.1.0.5

unserved
served 1350
check "the service knows what tunnels leave" udhcpc vm1 -O mtu
check_eq "the lesser of both is told" "$(told mtu)" 1350
check "also in a subnet that says nothing of it" udhcpc vm4 -O mtu
check_eq "it is told" "$(told mtu)" 1350
