#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	fz0, fz1 -- a -- r0 -- r1 -- d -- fz4
#	    fz2 -- b'     '-- fz3
#
# Random frames into a topology with chains, anti-spoof, VLANs, links and routers.
# FUZZ_SECONDS (20) and FUZZ_SEED (time) may be set.
. "$(dirname "$0")/../selftests/lib.sh"
need jq

vm fz0 10.0.0.1/24 fd00::1/64
vm fz1 10.0.0.2/24 fd00::2/64
vm fz2
vm fz3 10.0.3.2/24 fd00:3::2/64
vm fz4 10.0.4.2/24 fd00:4::2/64
seed=${FUZZ_SEED:-$(date +%s)}
seconds=${FUZZ_SECONDS:-20}
setup midoctl batch - <<-E
	ip-set add s members 10.0.0.0/24,fd00::/64
	chain add in
	chain add out
	rule add in src-set s continue
	rule add in fragment first,later continue
	rule add in proto tcp dst-port 22 drop
	rule add in icmp-type 133,134,135,136 continue
	rule add out tcp-flags 0x02/0x12 continue
	rule add out dst-port 67 continue
	bridge add a in-chain in
	bridge add b out-chain out
	port add a:fz0 dev fz0
	port add a:fz1 dev fz1 in-chain out out-chain in
	port add a:b
	port add a:v vlan 5
	port add b:a peer a:b
	port add b:fz2 dev fz2
	bridge add c
	port add c:v peer a:v
	neighbour add a 10.0.0.9 mac 02:00:00:00:00:09
	neighbour add a fd00::9 mac 02:00:00:00:00:09
	chain add r-in
	chain add r-out
	rule add r-in dst-port 53 reject
	rule add r-out dst-port 22 reject
	bridge add d
	port add d:fz4 dev fz4
	router add r0 in-chain r-in
	router add r1 out-chain r-out
	port add r0:a mac 02:00:00:00:00:a1 addresses 10.0.0.254/24,fd00::fe/64
	port add r0:x mac 02:00:00:00:00:a3 addresses 10.0.3.1/24,fd00:3::1/64 dev fz3 mtu 600
	port add r0:r1 addresses 10.0.12.1/24,fd00:12::1/64
	port add r1:r0 addresses 10.0.12.2/24,fd00:12::2/64 peer r0:r1
	port add r1:d mac 02:00:00:00:00:a4 addresses 10.0.4.1/24,fd00:4::1/64 mtu 300 in-chain out out-chain r-out
	port add a:r peer r0:a
	port add d:r peer r1:d
	neighbour add r0:x 10.0.3.9 mac 02:00:00:00:00:09
	route add r0 dst 10.0.4.0/24 port r1 gateway 10.0.12.2
	route add r0 dst fd00:4::/64 port r1 gateway fd00:12::2
	route add r0 dst 10.0.51.0/24 type local
	route add r0 dst fd00:51::/64 type local
	route add r0 dst 10.0.66.0/24 type blackhole
	route add r0 dst fd00:66::/64 type blackhole
	route add r0 dst 10.0.67.0/24 type reject
	route add r0 dst fd00:67::/64 type reject
	route add r0 dst 10.0.68.0/24 port x gateway 10.0.3.2
	route add r0 dst 10.0.68.0/24 port r1 gateway 10.0.12.2
	route add r0 dst fd00:68::/64 port x gateway fd00:3::2
	route add r0 dst fd00:68::/64 port x gateway fd00:3::99
	route add r0 dst 10.0.69.0/24 src 10.0.0.0/31 port x gateway 10.0.3.2
	route add r0 dst 0.0.0.0/0 src 10.0.0.0/16 port x gateway 10.0.3.99
	route add r1 dst 0.0.0.0/0 port r0 gateway 10.0.12.1
	route add r1 dst ::/0 port r0 gateway fd00:12::1
E
setup sysctl -qw net.midonet.neighbours_per_port=32 net.midonet.flows_per_port=2000

# The VMs are not what is tested: they shall believe no router but ours.
for i in 0 1 2 3 4; do
	in_vm fz$i sysctl -qw net.ipv4.conf.eth0.accept_redirects=0 \
		net.ipv4.conf.all.accept_redirects=0 net.ipv6.conf.eth0.accept_redirects=0 \
		net.ipv6.conf.eth0.accept_ra=0
done
gateway fz0 10.0.0.254 fd00::fe
gateway fz1 10.0.0.254 fd00::fe
gateway fz3 10.0.3.1 fd00:3::1
gateway fz4 10.0.4.1 fd00:4::1

run() {
	local i pids=
	for i in 0 1 2 3 4; do
		in_vm fz$i "$here/pktfuzz.py" "$seconds" $((seed + i)) eth0 &
		pids="$pids $!"
	done
	for i in $pids; do
		wait "$i" || return 1
	done
}

# afterwards VM ADDRESS...: a VM has addresses that no fuzzer told lies about
afterwards() {
	local name=$1 addr
	shift
	in_vm "$name" ip neigh flush dev eth0
	for addr; do
		setup in_vm "$name" ip addr add "$addr" dev eth0
	done
}

check "packet fuzzer (seed $seed, $seconds s)" run
grep '^# [0-9]' "$scratch/out"
counted malformed 1 mtu 1 ttl 1 no-route 1 blackhole 1 reject 1 neighbour 1 \
	neighbour-unasked 1 no-service 1 martian 1 not-for-router 1 hop-limit 1
list=$(midoctl -j neighbour list)
check "no port has more neighbours than allowed" test "$(jq '[.[] |
	select(.origin == "learned")] | group_by(.port) | map(length) | max' <<< "$list")" -le 32
check "no port has more flows than allowed" test "$(json length flow list)" -le 10000

afterwards fz0 10.0.0.200/24 fd00::200/64
afterwards fz1
afterwards fz3 10.0.3.200/24 fd00:3::200/64
afterwards fz4 10.0.4.200/24 fd00:4::200/64
check "the bridge still forwards" can_ping fz0 10.0.0.2
for from in "fz0 10.0.0.200 fd00::200" "fz3 10.0.3.200 fd00:3::200"; do
	read -r vm four six <<< "$from"
	check "the routers still forward, IPv4 from $vm" \
		in_vm "$vm" ping -q -c 3 -i 0.05 -W 2 -I "$four" 10.0.4.200
	check "the routers still forward, IPv6 from $vm" \
		in_vm "$vm" ping -q -c 3 -i 0.05 -W 2 -I "$six" fd00:4::200
done
