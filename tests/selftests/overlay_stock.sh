#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The other host is none of us but the kernel's own VXLAN, Geneve and GRE devices:
# what is on the wire is what it should be.
#
#	vm1 - h1 -- underlay -- stock (as h2): one device for each direction's key
. "$(dirname "$0")/lib.sh"
. "$tools/lib_overlay.sh"
need jq ping iperf3

under 1
guest h1 vm1 10.0.0.1/24 fd00::1/64
setup ip netns add "$(ns stock)"
vms="$vms $(ns stock)"
setup ip -batch - <<-E
	link add u2 type veth peer name eth0 netns $(ns stock)
	link set u2 up
	link set u2 master under
E
setup in_vm stock sysctl -qw net.ipv4.conf.default.rp_filter=0 net.ipv4.conf.all.rp_filter=0 \
	net.ipv6.conf.default.accept_dad=0
setup ip -n "$(ns stock)" -batch - <<-E
	link set lo up
	link set eth0 up
	addr add 192.0.2.2/24 dev eth0
	addr add 2001:db8::2/64 dev eth0 nodad
E
mac1=$(mac_of vm1)
{
	echo "host add h2"
	bridged 1
	echo "port add net0:vm2 host h2 dev vm2 tunnel-key 102"
	echo "mac add net0 02:00:00:00:00:02 port vm2"
	zone tz 4 1
	echo "tunnel-zone member add tz h2 address 192.0.2.2"
} | everywhere h1
setup ip -n "$(ns vm1)" -batch - <<-E
	neigh add 10.0.0.2 lladdr 02:00:00:00:00:02 dev eth0 nud permanent
	neigh add fd00::2 lladdr 02:00:00:00:00:02 dev eth0 nud permanent
E

# stock COMMAND-IN COMMAND-OUT: devices for what comes and what goes, and the address
stock() {
	ip -n "$(ns stock)" link del vin 2> /dev/null
	ip -n "$(ns stock)" link del vout 2> /dev/null
	{
		echo "link add vin address 02:00:00:00:00:02 mtu 1400 $1"
		echo "link add vout address 02:00:00:00:00:02 mtu 1400 $2"
		for dev in vin vout; do
			echo "link set $dev up"
		done
		echo "addr add 10.0.0.2/32 dev vin"
		echo "addr add fd00::2/128 dev vin nodad"
		echo "route add 10.0.0.1/32 dev vout src 10.0.0.2"
		echo "route add fd00::1/128 dev vout src fd00::2"
		echo "neigh add 10.0.0.1 lladdr $mac1 dev vout nud permanent"
		echo "neigh add fd00::1 lladdr $mac1 dev vout nud permanent"
	} > "$scratch/batch"
	setup ip -n "$(ns stock)" -batch "$scratch/batch"
}

# zone FAMILY WORD VALUE...
becomes() {
	local family=$1 addr
	shift
	[ "$family" = 4 ] && addr=192.0.2. || addr=2001:db8::
	setup on h1 batch - <<-E
		tunnel-zone del tz
		tunnel-zone add tz $*
		tunnel-zone member add tz h1 address ${addr}1
		tunnel-zone member add tz h2 address ${addr}2
	E
}

errors() { in_vm "$1" nstat -az TcpInCsumErrors UdpInCsumErrors Udp6InCsumErrors | awk '/Csum/ {n += $2} END {print n}'; }

talks() {
	local dst
	check "$1: vm1 to the stock device" can_ping vm1 10.0.0.2
	check "$1: back, by IPv6" can_ping stock fd00::1
	in_vm stock iperf3 -s -1 -D > /dev/null
	wait_for 5 sh -c "ip netns exec stock-$$ ss -ltn | grep -q :5201"
	check "$1: TCP both ways" in_vm vm1 iperf3 -c 10.0.0.2 -t 1 --bidir
}

stock "type vxlan id 102 local 192.0.2.2 dstport 6677" \
	"type vxlan id 101 local 192.0.2.2 remote 192.0.2.1 dstport 6677"
talks "VXLAN over IPv4"
becomes 4 udp-port 4789
stock "type vxlan id 102 local 192.0.2.2 dstport 4789 udpcsum" \
	"type vxlan id 101 local 192.0.2.2 remote 192.0.2.1 dstport 4789 udpcsum"
talks "VXLAN with checksums"
becomes 6
stock "type vxlan id 102 local 2001:db8::2 dstport 6677" \
	"type vxlan id 101 local 2001:db8::2 remote 2001:db8::1 dstport 6677"
talks "VXLAN over IPv6"
becomes 4 encap geneve
stock "type geneve id 102 remote 192.0.2.1 dstport 6081" \
	"type geneve id 101 remote 192.0.2.1 dstport 6081"
talks "Geneve over IPv4"
becomes 6 encap geneve
stock "type geneve id 102 remote 2001:db8::1 dstport 6081" \
	"type geneve id 101 remote 2001:db8::1 dstport 6081"
talks "Geneve over IPv6"
becomes 4 encap gre
stock "type gretap local 192.0.2.2 remote 192.0.2.1 key 102" \
	"type gretap local 192.0.2.2 remote 192.0.2.1 key 101"
talks "GRE"
check_eq "no checksum was wrong" "$(errors vm1) $(errors stock) $(errors h1)" "0 0 0"
# but for groups that the device with the wrong key is in
check_eq "h1 understood everything" \
	"$(json_on h1 '[.[] | select(.reason | test("tunnel-[^k]")) | .packets] | add // 0' drops)" 0
