#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# One bridge on three hypervisors, joined by tunnels: every encapsulation, over IPv4
# and IPv6. A zone is changed under way.
#
#	vm1 - h1 -.
#	vm2 - h2 -+- underlay
#	vm3 - h3 -'
. "$(dirname "$0")/lib.sh"
. "$tools/lib_overlay.sh"
need jq ping tcpdump ethtool

under 3
for i in 1 2 3; do
	guest h$i vm$i 10.0.0.$i/24 fd00::$i/64
done
{
	bridged 3
	zone tz 4 3
} | everywhere h1 h2 h3
mac2=$(mac_of vm2)
# so that checksums are seen as they leave
setup ip netns exec "$(ns h1)" ethtool -K eth0 tx off

# captured FILTER COMMAND...: what of the underlay matches while COMMAND runs
captured() {
	local filter=$1
	shift
	# what the last one said
	rm -f "$scratch/tcpdump" "$scratch/captured"
	ip netns exec "$(ns h1)" timeout 10 tcpdump -i eth0 -c 1 -nn -vv -e "$filter" \
		> "$scratch/captured" 2> "$scratch/tcpdump" &
	wait_for 5 grep -q listening "$scratch/tcpdump"
	"$@" && wait $! && cat "$scratch/captured"
}

# works ENCAP FAMILY FILTER PATTERN: the first packet between two passes, either way,
# and looks so on the wire
works() {
	local what="$1 over IPv$2" filter=$3 pattern=$4 seen
	check "$what: vm3 reaches vm1 by IPv6" can_ping vm3 fd00::1
	check "$what: vm1 reaches vm2" can_ping vm1 10.0.0.2
	# neighbours of an earlier ping may be probed just then
	for _ in 1 2 3; do
		# what hosts tell each other is shorter
		seen=$(captured "$filter and greater $(($2 == 6 ? 150 : 130))" can_ping vm1 10.0.0.2 1)
		grep -Ezq "$pattern" <<< "$seen" && break
	done
	check "$what: so it looks on the wire" grep -Ezq "$pattern" <<< "$seen"
	grep -Ezq "$pattern" <<< "$seen" || sed 's/^/# /' <<< "$seen"
}

# becomes FAMILY WORD VALUE...: the zone is another one on all hosts
becomes() {
	local family=$1 i
	shift
	{
		echo "tunnel-zone del tz"
		zone tz "$family" 3 "$@"
	} > "$scratch/change"
	for i in 1 2 3; do
		setup on h$i batch "$scratch/change"
	done
}

check_eq "the zone is open" "$(zone_state h1 tz)" "up "
check_eq "and the status says so" \
	"$(json_on h1 '.subsystems[] | select(.name == "tunnel-zone tz") | .text' status)" \
	"vxlan at 192.0.2.1 port 6677, 2 peers"
works vxlan 4 "udp dst port 6677 and dst 192.0.2.2" "flags \[DF\].*192.0.2.1.*192.0.2.2.6677: \[no cksum\]"
becomes 6 encap vxlan
works vxlan 6 "udp dst port 6677 and dst 2001:db8::2" "2001:db8::1.*2001:db8::2.6677: \[udp sum ok\]"
becomes 4 encap geneve
works geneve 4 "udp dst port 6081 and dst 192.0.2.2" "flags \[DF\].*192.0.2.2.6081: \[no cksum\] Geneve.*vni 0x66, proto TEB.*10.0.0.1 > 10.0.0.2"
becomes 6 encap geneve udp-port 99
works geneve 6 "udp dst port 99 and dst 2001:db8::2" "2001:db8::2.99: \[udp sum ok\]"
becomes 4 encap gre
works gre 4 "proto gre and dst 192.0.2.2" "flags \[DF\].*proto GRE.*key=0x66, proto TEB.*10.0.0.1 > 10.0.0.2"
becomes 4 encap vxlan dscp 46
works vxlan 4 "udp dst port 6677 and dst 192.0.2.2" "tos 0xb8.*192.0.2.2.6677"
check "a port and the DSCP change" sh -c "
	for i in 1 2 3; do midoctl -n h\$i-$$ tunnel-zone set tz udp-port 4789 dscp none || exit; done"
works vxlan 4 "udp dst port 4789 and dst 192.0.2.2" "tos 0x0.*192.0.2.2.4789: \[no cksum\] VXLAN, flags \[I\] \(0x08\), vni 102"

check_eq "no packet was lost" "$(json_on h1 'map(.packets) | add // 0' drops)$(json_on h2 'map(.packets) | add // 0' drops)" 00
trace=$(on h1 -j trace net0:vm1 hw-dst "$mac2" src 10.0.0.1 dst 10.0.0.2 proto icmp)
check_eq "a trace floods to others" "$(jq -c '[.verdict, .outputs]' <<< "$trace")" '["flood",["net0:vm2","net0:vm3"]]'
setup on h1 mac add net0 "$mac2" port vm2
check_eq "or says which host" \
	"$(on h1 -j trace net0:vm1 hw-dst "$mac2" src 10.0.0.1 dst 10.0.0.2 proto icmp |
		jq -c '[.verdict, .host, ."tunnel-key", .outputs]')" '["output","h2",102,["net0:vm2"]]'
check "once known it goes there alone" can_ping vm1 10.0.0.2 5
check_eq "as the flow says" \
	"$(json_on h1 '[.[] | select(.packets == 5) | .actions[]] | join(",")' flow list)" \
	"tunnel tz host h2 key 0x000066 output net0:vm2"
on h1 -j stats tz > "$scratch/stats"
check "and the counters of the peer" \
	jq -e 'any(.type == "tunnel-zone-member" and .name == "tz:h2" and ."tx-packets" >= 5 and ."rx-packets" >= 5)' "$scratch/stats"
