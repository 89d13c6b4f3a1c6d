#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# How much fits through a tunnel: said to who sends more, found out when the underlay
# has less to offer, IPv4 cut to it.
#
#	vm1 (MTU 9000) - h1 -- underlay (1400, 1500, 9000) -- h2 - vm2 (9000)
. "$(dirname "$0")/lib.sh"
. "$tools/lib_overlay.sh"
need jq ping python3

export GUEST_MTU=9000
under 2 9000
for i in 1 2; do
	guest h$i vm$i 10.0.0.$i/24 fd00::$i/64
done
{
	bridged 2
	zone tz 4 2
	echo "mac add net0 $(mac_of vm1) port vm1"
	echo "mac add net0 $(mac_of vm2) port vm2"
} | everywhere h1 h2

# underlay MTU
underlay() {
	local i
	for i in 1 2; do
		setup ip -n "$(ns h$i)" link set eth0 mtu "$1"
		setup ip link set u$i mtu "$1"
	done
}
becomes() {
	local family=$1 i
	shift
	{
		echo "tunnel-zone del tz"
		zone tz "$family" 2 "$@"
	} > "$scratch/change"
	for i in 1 2; do
		setup on h$i batch "$scratch/change"
	done
}
# fits BYTES WHAT [IPV4]: exactly so much, and the sender is told how much that is
fits() {
	local got
	got=$(in_vm vm1 sh -c "
		ip route flush cache
		ip -6 route flush cache
		try() {
			ping -q -M do -c 1 -W 2 -s \$1 \$2 > /dev/null 2>&1 && echo yes || echo no
		}
		told() {
			ip route get \$1 | grep -o 'mtu [0-9]*'
		}
		try $(($1 - 28)) 10.0.0.2
		try $(($1 - 27)) 10.0.0.2
		told 10.0.0.2
		[ '${3-}' ] && exit
		try $(($1 - 48)) fd00::2
		try $(($1 - 47)) fd00::2
		told fd00::2" | paste -sd' ')
	if [ "${3-}" ]; then
		check_eq "$2: $1 bytes fit" "$got" "yes no mtu $1"
	else
		check_eq "$2: $1 bytes fit" "$got" "yes no mtu $1 yes no mtu $1"
	fi
}

fits 8950 "VXLAN over 9000"
underlay 1500
fits 1450 "over 1500"
check "what may be cut is cut" in_vm vm1 ping -q -M dont -c 1 -W 2 -s 5000 10.0.0.2
underlay 1400
fits 1350 "over 1400"
becomes 6 encap vxlan
fits 1330 "VXLAN over IPv6"
becomes 4 encap geneve
fits 1350 "Geneve"
becomes 4 encap gre
fits 1358 "GRE"
becomes 4 encap vxlan
setup on h1 port set net0:vm2 mtu 1290
fits 1290 "a port that says so"
setup on h1 port set net0:vm2 mtu 9000
fits 1350 "but not more than the tunnel"

# the way gets narrower: a route says so, then a router on it
underlay 1500
setup ip -n "$(ns h1)" route add 192.0.2.2/32 dev eth0 mtu 1400
fits 1350 "a route says so"
setup ip -n "$(ns h1)" route del 192.0.2.2/32 dev eth0
fits 1450 "and no longer"
mac1=$(in_vm h1 cat /sys/class/net/eth0/address)
forge() {
	"$tools/overlay_raw.py" under "$mac1" "$@"
}
forge <<-E
	from=192.0.2.1 to=192.0.2.2 vxlan 102 toobig=1200
E
can_ping vm1 10.0.0.2 1
fits 1150 "a router says so" 4
becomes 6 encap geneve
fits 1430 "Geneve over IPv6"
forge <<-E
	from=2001:db8::1 to=2001:db8::9 geneve 102 toobig=1300
	from=2001:db8::1 to=2001:db8::2 raw ff00000000000000 port=6081 toobig=1300
E
can_ping vm1 10.0.0.2 1
fits 1430 "who says so of packets that are not ours is not believed"
forge <<-E
	from=2001:db8::1 to=2001:db8::2 geneve 102 toobig=1400
E
can_ping vm1 10.0.0.2 1
fits 1330 "a router says so, by IPv6"
check_eq "nothing too large got into the tunnel" \
	"$(in_vm h1 nstat -az IpFragFails Ip6FragFails | awk '/Frag/ {n += $2} END {print n}')" 0
