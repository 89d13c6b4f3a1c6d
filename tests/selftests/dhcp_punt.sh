#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1 (listed), vm2 -- net0 == net1 -- vm3 (listed in net0)
#	                          VLAN 5 -- net2 -- vm4 (listed in net2)
#
# What is a request, and what becomes of it.
. "$(dirname "$0")/lib.sh"
need jq busybox
. "$(dirname "$0")/lib_dhcp.sh"

for i in 1 2 3 4; do
	vm vm$i
	eval "mac$i=$(mac_of vm$i)"
done
setup midoctl batch - <<-E
	bridge add net0
	bridge add net1
	bridge add net2
	port add net0:vm1 dev vm1
	port add net0:vm2 dev vm2
	port add net0:net1
	port add net1:net0 peer net0:net1
	port add net1:vm3 dev vm3
	port add net1:net2 vlan 5
	port add net2:net1 peer net1:net2
	port add net2:vm4 dev vm4
	dhcp add net0 10.0.0.0/24 server 10.0.0.1
	dhcp host add net0 10.0.0.0/24 mac $mac1 address 10.0.0.5
	dhcp host add net0 10.0.0.0/24 mac $mac3 address 10.0.0.7
	dhcp add net2 10.2.0.0/24 server 10.2.0.1
	dhcp host add net2 10.2.0.0/24 mac $mac4 address 10.2.0.5
E

# discover MAC: hex of a frame, in $frame
discover() {
	local mac=${1//:/}
	printf -v frame '%s%s%s01010600deadbeef%048d%s%020d%0384d63825363350101ff' "ffffffffffff$mac" \
		080045000110000040004011000000000000ffffffff 0044004300fc0000 0 "$mac" 0 0
}
discover "$mac1"
one=$frame
discover "$mac2"
two=$frame
asked=44004300fc

# verdict VM WORD VALUE...: of a traced packet
verdict() {
	local port=$1
	shift
	midoctl -j trace "$port" "$@" | jq -r '.verdict + " " + .reason'
}
request="hw-dst ff:ff:ff:ff:ff:ff src 0.0.0.0 dst 255.255.255.255 proto udp src-port 68 dst-port 67"

# shellcheck disable=SC2086 # words
{
check_eq "nobody serves: it would be dropped" "$(verdict net0:vm1 hw-src $mac1 $request)" "drop punt-unserved"
check_eq "who is not listed is nobody's client" "$(verdict net0:vm2 hw-src $mac2 $request)" "flood "
}
check "it floods" hears vm1 $asked frame vm2 "$two"
check "what is listed does not" deaf vm2 $asked frame vm1 "$one"
counted punt-unserved 1
subsystem() { json '.subsystems[] | select(.name == "dhcp") | .level' status; }
check_eq "the status says so" "$(subsystem)" warning

served
check_eq "served, all is well" "$(subsystem)" ok
# shellcheck disable=SC2086
{
check_eq "served: it is consumed" "$(verdict net0:vm1 hw-src $mac1 $request)" "consumed "
check_eq "to another port it is not a request" \
	"$(verdict net0:vm1 hw-src $mac1 ${request% *} 69)" "flood "
check_eq "nor to another destination" \
	"$(verdict net0:vm1 hw-src $mac1 ${request/dst 255.255.255.255/dst 10.0.0.255})" "flood "
check_eq "nor in a VLAN" "$(verdict net0:vm1 hw-src $mac1 vlan 7 $request)" "flood "
}
check "the trace says so" grep -q 'is for the daemon: DHCP, dhcp 10.0.0.0/24' \
	<(midoctl trace net0:vm1 hw-src "$mac1" $request)

# A flow is walked again when its MAC is listed, and when it is no longer.
setup midoctl flow flush
check "before, it floods" hears vm1 $asked frame vm2 "$two"
check_eq "the flow is remembered" \
	"$(json "[.[] | select(.key[\"hw-src\"] == \"$mac2\" and .key[\"hw-dst\"] == \"ff:ff:ff:ff:ff:ff\")] | length" flow list)" 1
setup midoctl dhcp host add net0 10.0.0.0/24 mac "$mac2" address 10.0.0.6
check "then it does not" deaf vm1 $asked frame vm2 "$two"
check "but gets an answer" udhcpc vm2
check_eq "which is its address" "$(told ip)" 10.0.0.6
setup midoctl dhcp host del net0 10.0.0.0/24 mac "$mac2"
check "and then it floods again" hears vm1 $asked frame vm2 "$two"
setup midoctl flow flush
setup frame vm2 "${two/44004300fc/44004500fc}"
check_eq "flows of who is not listed do not depend on ports" \
	"$(json '[.[] | select(.mask | has("dst-port"))] | length' flow list)" 0

# Requests that come from other bridges
check "over a link of bridges" udhcpc vm3
check_eq "the address" "$(told ip)" 10.0.0.7
check "in a bridge behind a VLAN" udhcpc vm4
check_eq "the address there" "$(told ip)" 10.2.0.5

# How many
setup sysctl -qw net.midonet.punt_rate=2
frame vm1 "$one" "$one" "$one" "$one" "$one" "$one" "$one" "$one"
counted punt-rate 4
setup sysctl -qw net.midonet.punt_rate=50

# A fragment is no request; the service survives what is no message.
wait_for 2 grep -q "from $mac1 is answered" "$scratch/dhcpd.log"
check "a request that is cut off is no request" deaf vm1 43004400 frame vm1 "${one:0:200}"
check "a message that is none is not answered" deaf vm1 00430044 frame vm1 "${one/63825363/63825364}"
check "another station's address is not told" deaf vm1 00430044 frame vm1 "${one/${mac1//:/}0000/0200000099990000}"
check "the next one is" udhcpc vm1

setup midoctl dhcp del net0 10.0.0.0/24
# shellcheck disable=SC2086
check_eq "the subnet was removed: it is nobody's client" "$(verdict net0:vm1 hw-src $mac1 $request)" "flood "
