#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1, vm2 -- net0 -- r0		fd00::/64 stateful, gateway fd00::1
#	vm3 -- net1 -- r0		fd01::/64 slaac, gateway fe80::1
#	vm4 -- net2			fd02::/64 stateless, no gateway, server fd02::1
#	vm5 -- net3 -- (VLAN) -- net1
#
# IPv6: addresses by DHCPv6 and by advertisements.
. "$(dirname "$0")/lib.sh"
need jq dhclient rdisc6 ndisc6
. "$(dirname "$0")/lib_dhcp.sh"

for i in 1 2 3 4 5; do
	vm vm$i
	eval "mac$i=$(mac_of vm$i)"
done
setup midoctl batch - <<-E
	bridge add net0
	bridge add net1
	bridge add net2
	bridge add net3
	port add net0:vm1 dev vm1
	port add net0:vm2 dev vm2 allowed-addresses $mac2=fd00::6
	port add net0:r0
	port add net1:vm3 dev vm3
	port add net1:r0
	port add net1:net3
	port add net2:vm4 dev vm4
	port add net3:vm5 dev vm5
	port add net3:net1 vlan 9 peer net1:net3
	router add r0
	port add r0:net0 mac 02:00:00:00:01:01 addresses fd00::1/64 peer net0:r0
	port add r0:net1 mac 02:00:00:00:01:02 addresses fd01::1/64,fe80::1/128 peer net1:r0
	dhcp add net0 fd00::/64 server fd00::1 gateway fd00::1 dns fd00::53 mtu 1400 lease 3600
	dhcp host add net0 fd00::/64 mac $mac1 address fd00::5 options sntp-servers=fd00::7
	dhcp host add net0 fd00::/64 mac $mac2 address fd00::6
	dhcp add net1 fd01::/64 gateway fe80::1 mode slaac dns fd01::53
	dhcp add net2 fd02::/64 server fd02::1 mode stateless dns fd02::53
E
served

# advertised VM: what a router says to it, on one line
advertised() {
	in_vm "$1" rdisc6 -1 -q -v -w 2000 eth0 | tr -s ' \n' ' '
}
says=$(advertised vm1)
for line in "Stateful address conf. : Yes" "Stateful other conf. : Yes" \
	"Router lifetime : 1800 " "Prefix : fd00::/64" "On-link : Yes" "Autonomous address conf.: No" \
	"MTU : 1400 bytes" "Source link-layer address: 02:00:00:00:01:01" \
	"Recursive DNS server : fd00::53" "from fe80::ff:fe00:101"; do
	check "stateful: ${line% }" grep -qF "$line" <<< "$says"
done
says=$(advertised vm4)
for line in "Stateful address conf. : No" "Stateful other conf. : Yes" "Router lifetime : 0 " \
	"Autonomous address conf.: Yes" "Prefix : fd02::/64"; do
	check "stateless: ${line% }" grep -qF "$line" <<< "$says"
done
says=$(advertised vm3)
for line in "Stateful other conf. : No" "from fe80::1 " "Prefix : fd01::/64" "Recursive DNS server : fd01::53"; do
	check "slaac: ${line% }" grep -qF "$line" <<< "$says"
done

# solicitation PORT: what becomes of one
solicitation() {
	midoctl -j trace "$1" hw-src 02:00:00:00:00:77 hw-dst 33:33:00:00:00:02 src fe80::77 dst ff02::2 \
		proto icmpv6 icmp-type 133 ttl 255 | jq -r '.verdict + " " + (.steps | map(.what) - ["learn"] | join(" "))'
}
check_eq "a solicitation goes to nobody else" "$(solicitation net1:vm3)" "consumed port punt"
setup midoctl dhcp set net1 fd01::/64 gateway fd01::9
check_eq "but to a router that is none of ours, too" "$(solicitation net1:vm3)" \
	"flood port punt flood link port flood output"
setup midoctl dhcp set net1 fd01::/64 gateway fe80::1

check "who is listed gets its address" dhclient vm1 -6
check_eq "it is this one" "$(told new_ip6_address)" fd00::5
check_eq "name servers, options" "$(told new_dhcp6_name_servers) $(told new_dhcp6_sntp_servers)" \
	"fd00::53 fd00::7"
check_eq "lifetimes" "$(told new_max_life) $(told new_preferred_life)" "3600 3600"
check "so does who is behind anti-spoofing" dhclient vm2 -6
check_eq "it is that one" "$(told new_ip6_address)" fd00::6
setup in_vm vm1 ip route add fd00::/64 dev eth0
check "the address is good for the gateway" can_ping vm1 fd00::1
check "who remembers an address confirms it" dhclient vm1 -6
check_eq "and has it still" "$(told new_ip6_address)" fd00::5

check "without addresses, information" dhclient vm4 -6 -S
check_eq "it is what the subnet says" "$(told new_dhcp6_name_servers)" fd02::53
check_eq "and no address" "$(told new_ip6_address)" ""
mac=$(json '.[0]["server-mac"]' dhcp list net2)
answer=$(in_vm vm4 ndisc6 -q -1 -w 2000 fd02::1 eth0)
check_eq "for a server whose address is nobody's the bridge answers" "${answer,,}" "$mac"

# What the kernel of a VM makes of advertisements
solicits() {
	in_vm "$1" sysctl -qw net.ipv6.conf.eth0.router_solicitations=1 \
		net.ipv6.conf.eth0.router_solicitation_delay=0 net.ipv6.conf.eth0.addr_gen_mode=0
	ip -n "$(ns "$1")" -batch - <<-E
		link set eth0 down
		link set eth0 up
	E
}
has_address() {
	ip -n "$(ns "$1")" -6 addr show dev eth0 | grep -q "inet6 $2"
}
solicits vm3
check "a VM makes its address" wait_for 5 has_address vm3 fd01:
check "and has a default route" wait_for 1 grep -q "^default via fe80::1 dev eth0 proto ra" \
	<(ip -n "$(ns vm3)" -6 route)
check "that leads to other subnets" can_ping vm3 fd00::1

# Unasked: a new prefix is told soon, also behind a VLAN.
HEAR=6
check "a new prefix is advertised, also where frames are tagged on the way" hears vm5 fd110000000000000000000000000000 \
	midoctl dhcp add net1 fd11::/64 gateway fe80::1 mode slaac
check "it makes an address" wait_for 2 has_address vm3 fd11:
