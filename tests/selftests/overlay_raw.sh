#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What comes out of tunnels and was not put in by one of us: forged senders and keys,
# broken headers, marks of congestion. Nothing of it gets further than it should, and
# everything is counted.
#
#	vm1 - h1 -.
#	          +- underlay - who forges
#	vm2 - h2 -'
. "$(dirname "$0")/lib.sh"
. "$tools/lib_overlay.sh"
need jq ping python3

under 2
guest h1 vm1 10.0.0.1/24
guest h2 vm2 10.0.0.2/24
{
	bridged 2
	echo "port add net0:down host h1 dev nosuch tunnel-key 103"
	zone four 4 2
	zone gen 4 2 encap geneve
	zone gre 4 2 encap gre
	zone six 6 2
} | everywhere h1 h2
check_eq "four zones, of which two differ in the family alone, are open" \
	"$(json_on h1 '.subsystems[] | select(.name == "tunnels") | .text' status)" "in 4 tunnel-zones: 4 open, 0 in error"
mac1=$(in_vm h1 cat /sys/class/net/eth0/address)
vm1=$(mac_of vm1)
marked=$(tr -d : <<< "$vm1")020000000002080045

# forge: lines for overlay_raw.py, which goes by the bridge itself
forge() {
	"$tools/overlay_raw.py" under "$mac1" "$@"
}

# is REASON N: so many more than last time were dropped for it by h1
declare -A before
is() {
	local now
	now=$(lost h1 "$1")
	check_eq "$2 counted as $1" $((now - ${before[$1]:-0})) "$2"
	before[$1]=$now
}

to=to=192.0.2.1
check "somebody who says he is h2 is believed" hears vm1 ^020000000001 forge <<-E
	from=192.0.2.2 $to vxlan 101
E
check "with Geneve" hears vm1 ^020000000001 forge <<-E
	from=192.0.2.2 $to geneve 101 opts=0102030000000000
E
check "with GRE" hears vm1 ^020000000001 forge <<-E
	from=192.0.2.2 $to gre 101
E
check "by IPv6" hears vm1 ^020000000001 forge <<-E
	from=2001:db8::2 to=2001:db8::1 vxlan 101
E
check "deaf to all that follows" deaf vm1 ^020000000001 forge <<-E
	from=192.0.2.9 $to vxlan 101 times=2
	from=192.0.2.9 $to geneve 101
	from=192.0.2.9 $to gre 101
	from=2001:db8::9 to=2001:db8::1 vxlan 101
	from=192.0.2.2 $to vxlan 102
	from=192.0.2.2 $to vxlan 0
	from=192.0.2.2 $to vxlan 999999
	from=192.0.2.2 $to geneve 102
	from=192.0.2.2 $to gre 102
	from=192.0.2.2 $to gre 0x1000065
	from=192.0.2.2 $to vxlan 0xffffff
	from=192.0.2.2 $to geneve 0xffffff
	from=192.0.2.2 $to gre 0xffffff
	from=192.0.2.2 $to vxlan 103
	from=192.0.2.2 $to vxlan 101 flags=00000000
	from=192.0.2.2 $to vxlan 101 flags=0c000003
	from=192.0.2.2 $to vxlan 101 inner=none
	from=192.0.2.2 $to vxlan 101 inner=02000000000102000000000208
	from=192.0.2.2 $to raw 08000000000065
	from=192.0.2.2 $to raw -
	from=192.0.2.2 $to geneve 101 flags=40006558
	from=192.0.2.2 $to geneve 101 flags=00000800
	from=192.0.2.2 $to geneve 101 flags=3f006558 inner=none
	from=192.0.2.2 $to gre - flags=00006558
	from=192.0.2.2 $to geneve 101 flags=00806558
	from=192.0.2.2 $to geneve 101 flags=00406558 opts=0102830000000000
	from=192.0.2.2 $to vxlan 101 csum=0x1234
	from=2001:db8::2 to=2001:db8::1 vxlan 101 csum=0
	from=192.0.2.2 $to vxlan 101 tos=3
E
is tunnel-peer 5
is tunnel-key 6
is tunnel-state 3
is port-down 1
is tunnel-header 10
is tunnel-option 2
is tunnel-ecn 1
check "the peers' counters have them" test \
	"$(json_on h1 '[.[] | select(.type == "tunnel-zone-member") | .drops] | add' stats tunnel-zone-member)" -ge 20

# congestion on the way, to who can bear it
check "a mark outside is one inside" hears vm1 "${marked}03" forge <<-E
	from=192.0.2.2 $to vxlan 101 tos=0x03 inner=icmp:10.0.0.2>10.0.0.1/2/$vm1
E
check "and so with Geneve" hears vm1 "${marked}03" forge <<-E
	from=192.0.2.2 $to geneve 101 tos=0x03 inner=icmp:10.0.0.2>10.0.0.1/1/$vm1
E
check "ECT(1) outside is ECT(1) inside" hears vm1 "${marked}b9" forge <<-E
	from=192.0.2.2 $to vxlan 101 tos=0x01 inner=icmp:10.0.0.2>10.0.0.1/0xba/$vm1
E
check "a packet marked inside stays so" hears vm1 "${marked}03" forge <<-E
	from=192.0.2.2 $to vxlan 101 tos=0x02 inner=icmp:10.0.0.2>10.0.0.1/3/$vm1
E
is tunnel-ecn 0

# into the tunnel: CE too is copied (RFC 6040, normal mode), the DSCP only if it is to be
capture() {
	in_vm h1 timeout 10 tcpdump -i eth0 -c 1 -nn -v "udp dst port 6677 and greater 130" 2> /dev/null
}
for tos in 0x2 0x3 0xb9; do
	exec {fd}< <(capture)
	wait_for 5 grep -q eth0 <(in_vm h1 cat /proc/net/packet /proc/net/dev)
	sleep 0.5
	in_vm vm1 ping -q -c 1 -W 2 -Q $tos 10.0.0.2 > /dev/null
	read -r line <&"$fd"
	exec {fd}<&-
	check "a packet of $tos travels as $tos" grep -q "tos $tos," <<< "$line"
done

seed=${FUZZ_SEED:-$RANDOM}
echo "# seed $seed"
check "packets that are nearly right do no harm" \
	test "$(forge fuzz "${FUZZ_SECONDS:-3}" "$seed" 192.0.2.2 192.0.2.1)" -gt 100
check "and vm1 still reaches vm2" can_ping vm1 10.0.0.2
