#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	  fz0, by0 -- a -- r0 -- fz3 (outside), by3 (outside)
#	       fz2 -- b --'  '-- r1 -- d -- fz4
#
# Random frames for routers that translate, track and balance: beginnings, answers,
# forged errors, fragments and segments of few connections, from all sides. Two
# bystanders hold a connection meanwhile, and begin others.
# FUZZ_SECONDS (20) and FUZZ_SEED (time) may be set.
. "$(dirname "$0")/../selftests/lib.sh"
need jq socat

vm fz0 10.0.0.1/24 10.0.0.2/24 fd00:0::1/64 fd00:0::2/64
vm by0 10.0.0.20/24 fd00:0::20/64
vm fz2 10.0.2.1/24 10.0.2.2/24 fd00:2::1/64 fd00:2::2/64
vm fz3 10.0.3.2/24 fd00:3::2/64
vm by3 10.0.5.2/24 fd00:5::2/64
vm fz4 10.0.4.2/24 fd00:4::2/64
seed=${FUZZ_SEED:-$(date +%s)}
seconds=${FUZZ_SECONDS:-20}
topology <<-E
	chain add sg
	rule add sg ethertype arp accept
	rule add sg state established,related accept
	rule add sg state untracked accept
	rule add sg state new accept
	rule add sg icmp-data-src 10.0.0.0/8 drop
	rule add sg drop
	chain add guard
	rule add guard direction return continue
	rule add guard state invalid drop
	rule add guard fragment later continue
	rule add guard proto tcp tcp-flags 0x02/0x12 dst-port 53 reject
	bridge add a in-chain sg
	bridge add b
	bridge add d
	port add a:fz0 dev fz0
	port add a:by0 dev by0
	port add b:fz2 dev fz2 out-chain guard in-chain guard
	port add d:fz4 dev fz4
	port add a:r
	port add b:r
	port add d:r
	chain add in
	chain add out
	router add r0 in-chain in out-chain out
	router add r1
	port add r0:a mac 02:00:00:00:00:a0 addresses 0.254/24 peer a:r
	port add r0:b mac 02:00:00:00:00:a2 addresses 2.254/24 peer b:r
	port add r0:x mac 02:00:00:00:00:a3 addresses 3.1/24,3.50/32,3.51/32,3.60/32,3.64/32,3.65/32 dev fz3 mtu 1300
	port add r0:y addresses 5.1/24 dev by3
	port add r0:r1 addresses 12.1/24
	port add r1:r0 addresses 12.2/24,12.50/32 peer r0:r1
	port add r1:d mac 02:00:00:00:00:a4 addresses 4.1/24 peer d:r
	route add r1 dst 0.0.0.0/0 port r0 gateway 10.0.12.1
	route add r1 dst ::/0 port r0 gateway fd00:12::1
	rule add in rev-dnat then continue
	rule add in dst 3.50 proto udp dst-port 80,81 dnat target 0.1-0.2:7-9
	rule add in dst 3.50 proto tcp dst-port 80 dnat target 2.1-2.2:7
	rule add in dst 3.60 dnat target 0.1
	rule add in dst 3.65 dnat target 2.1 then continue
	rule add in icmp-data-dst 3.64 state related drop
	rule add in dst 3.64 state new dnat target 0.1-0.2
	rule add in dst-rewritten true proto udp dst-port 9 drop
	rule add out rev-snat then continue
	rule add out out-port r0:x src 0.1 proto icmp,icmpv6 snat target 3.60
	rule add out out-port r0:x src 0.0/24 snat target 3.50-3.51:2000-2023
	rule add out out-port r0:y src 0.0/24 snat target 5.1:1024-65535
	chain add behind
	rule add behind out-port r1:r0 snat target 12.50:2000-2023
	router set r1 out-chain behind
	load-balancer add lb router r0
	load-balancer pool add lb p4
	load-balancer pool add lb p6
	load-balancer pool add lb n4
E
for host in 2.1 2.2 0.2 4.2; do
	echo "load-balancer member add lb p4 10.0.$host:7"
	echo "load-balancer member add lb p6 [fd00:${host/./::}]:7"
done > "$scratch/lb"
for at in 9.100 0.100 3.100; do
	for proto in tcp udp; do
		echo "load-balancer vip add lb 10.0.$at:80 proto $proto pool p4 sticky 2"
		echo "load-balancer vip add lb [fd00:${at/./::}]:80 proto $proto pool p6"
	done
done >> "$scratch/lb"
# of nobody
echo "load-balancer vip add lb 10.0.9.101:80 proto tcp pool n4" >> "$scratch/lb"
echo "nat-block add r0 10.0.3.50 first-port 2000 count 16" >> "$scratch/lb"
setup midoctl batch "$scratch/lb"
setup midoctl load-balancer set-health lb p4 10.0.2.2:7 down
setup sysctl -qw net.midonet.conns_per_port=60 net.midonet.flows_per_port=2000 \
	net.midonet.timeout_udp=2 net.midonet.timeout_udp_answered=4 net.midonet.timeout_tcp_syn=2 \
	net.midonet.timeout_tcp_fin=2 net.midonet.timeout_icmp=2 net.midonet.timeout_tcp_close=1

# The VMs are not what is tested: they shall believe no router but ours.
for vm in fz0 fz2 fz3 fz4; do
	in_vm $vm sysctl -qw net.ipv4.conf.eth0.accept_redirects=0 \
		net.ipv4.conf.all.accept_redirects=0 net.ipv6.conf.eth0.accept_redirects=0 \
		net.ipv6.conf.eth0.accept_ra=0
done
gateway fz0 10.0.0.254 fd00:0::254
gateway by0 10.0.0.254 fd00:0::254
gateway fz2 10.0.2.254 fd00:2::254
gateway fz3 10.0.3.1 fd00:3::1
gateway by3 10.0.5.1 fd00:5::1
gateway fz4 10.0.4.1 fd00:4::1

# What members of the VIPs r0 has a route to
for vm in by3 fz0 fz2; do
	in_vm $vm socat -t 10 TCP6-LISTEN:7,ipv6only=0,fork,reuseaddr EXEC:cat &
	wait_for 10 sh -c "ip netns exec $(ns $vm) ss -ltn | grep -q :7"
done
mkfifo "$scratch/in" "$scratch/heard"
in_vm by0 socat - TCP:10.0.5.2:7 < "$scratch/in" > "$scratch/heard" &
exec 7> "$scratch/in" 8< "$scratch/heard"
echoes() {
	local word=
	echo "$1" >&7
	read -r -t 10 -u 8 word
	[ "$word" = "$1" ]
}
said() {
	[ "$(echo word | in_vm by0 socat -t 5 -T 10 - "TCP:$1")" = word ]
}
check "bystanders have a connection" echoes before

run() {
	local pids= from i=0
	for from in "fz0 inside" "fz2 servers" "fz3 outside" "fz4 behind"; do
		in_vm ${from% *} "$here/pktfuzz.py" "$seconds" $((seed + i++)) --translated \
			${from#* } eth0 &
		pids="$pids $!"
	done
	for i in 1 2 3; do
		sleep $((seconds / 4))
		said 10.0.5.2:7 || echo "a bystander's connection $i failed"
		echoes "word $i" || echo "the bystanders' connection does not go on ($i)"
		subsystem connections
	done > "$scratch/meanwhile"
	for i in $pids; do
		wait "$i" || return 1
	done
}
check "packet fuzzer, translation (seed $seed, $seconds s)" run
grep '^# [0-9]' "$scratch/out"
sed -n 's/^warning/# warning/p; s/^ok/# ok/p' "$scratch/meanwhile"
check_eq "bystanders did not notice" "$(grep bystander "$scratch/meanwhile")" ""
echo "# drops: $(json 'group_by(.reason) | map("\(.[0].reason) \(map(.packets) | add)") | join(", ")' drops)"
counted nat-exhausted 1 conn-invalid 1 no-member 1 fragment 1 chain 1 reject 1 \
	ttl 1 malformed 1

# Of what a packet made in several devices one is charged: look at one device.
check "no port has more connections than allowed" test "$(midoctl conn save - |
	jq -s 'map(select(.device == "r0")) | group_by(.port) | map(length) | max')" -le 60
check "no port has more flows than allowed" test "$(json length flow list)" -le 10000
check "the bystanders' connection is there" echoes after

# What the fuzzer told the VMs is forgotten; what it made goes, too.
for vm in fz0 fz2 fz3 fz4; do
	in_vm $vm ip neigh flush dev eth0
done
setup midoctl conn flush
setup midoctl load-balancer set-health lb p4 10.0.4.2:7 down
setup midoctl load-balancer set-health lb p6 [fd00:4::2]:7 down
for to in 10.0.9.100:80 "[fd00:9::100]:80" "[fd00:5::2]:7"; do
	# Every connection chooses a member: four, to see more than one.
	check "TCP to $to" said "$to"
	check "again" said "$to"
	check "again" said "$to"
	check "again" said "$to"
done
check "through translation, IPv4" can_ping by0 10.0.3.2
check "and IPv6" can_ping by0 fd00:3::2
check "through two routers" can_ping fz4 10.0.5.2
exec 7>&- 8<&-
