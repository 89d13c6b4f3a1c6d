#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1 -- net1 -- r0 -- net2 -- vm2
#
# Connections, translations and load balancers come and go, with what they depend
# on, under load on two CPUs: thousands of connections begin, of which few have
# room. The kernel log is the judge; in the end traffic must flow, the first packet
# included.
. "$(dirname "$0")/../lib.sh"
need jq

seconds=${CONN_SECONDS:-20}
vm vm1 10.0.1.1/24 fd00:1::1/64
vm vm2 10.0.0.2/24 fd00:2::2/64
gateway vm1 10.0.1.254 fd00:1::254
gateway vm2 10.0.0.254 fd00:2::254
topology() {
	midoctl batch - <<-E
		bridge add net1
		bridge add net2
		chain add sg
		chain add in
		chain add out
		rule add sg state invalid drop
		rule add sg direction return accept
		rule add in dst 10.0.9.1 proto udp dst-port 7 dnat target 10.0.0.2-10.0.0.3:7-9
		rule add out src 10.0.1.0/24 dst 10.0.0.2 proto icmp snat target 10.0.0.51:1024-65535
		port add net1:vm dev vm1
		port add net2:vm dev vm2
		port add net1:up
		port add net2:up
		bridge set net1 in-chain sg
		router add r0 in-chain in out-chain out
		port add r0:a mac 02:00:00:00:00:fe addresses 10.0.1.254/24,fd00:1::254/64 peer net1:up
		port add r0:b addresses 10.0.0.254/24,10.0.0.50/32,10.0.0.51/32,fd00:2::254/64,fd00:2::50/128 peer net2:up
		rule add out out-port r0:b src 10.0.0.0/24 snat target 10.0.0.50:1024-65535
		rule add out out-port r0:b src fd00:1::/64 snat target [fd00:2::50]:1024-65535
		load-balancer add lb router r0
		load-balancer pool add lb p
		load-balancer member add lb p 10.0.0.2:7
		load-balancer member add lb p 10.0.0.3:7
		load-balancer vip add lb 10.0.9.9:80 proto udp pool p sticky 1
	E
}
setup topology
setup sysctl -qw net.midonet.conns_per_port=3000 net.midonet.sticky_per_port=200 \
	net.midonet.timeout_udp=2 net.midonet.timeout_udp_answered=2 net.midonet.flow_idle=2

rules() {
	midoctl batch - <<-E
		rule add out pos 1 proto udp src-port 2000-30000 snat target 10.0.0.60-10.0.0.61:1024-2048
		rule add sg pos 1 state new,established,related continue
	E
	midoctl batch - <<-E
		router set r0 out-chain none
		bridge set net1 in-chain none
	E
	midoctl batch - <<-E
		rule del out pos 1
		rule del sg pos 1
		router set r0 out-chain out
		bridge set net1 in-chain sg
	E
}
conns() {
	midoctl conn save "$scratch/conns"
	midoctl conn flush src 10.0.0.0/24 src-port 1-30000
	midoctl conn restore "$scratch/conns"
	midoctl conn flush
}
readers() {
	midoctl -j conn list proto udp
	midoctl -j nat list
	midoctl -j nat-block list
	midoctl -j status
	midoctl -j stats vip
	midoctl -j trace net1:vm src 10.0.1.1 dst 10.0.9.9 proto udp src-port 9 dst-port 80
}
balance() {
	midoctl load-balancer set-health lb p 10.0.0.2:7 down
	midoctl batch - <<-E
		load-balancer member set lb p 10.0.0.3:7 weight 0
		load-balancer vip add lb 10.0.9.8:9 proto udp pool p sticky 1
		nat-block add r0 10.0.0.50 first-port 1024 count 2000
	E
	midoctl load-balancer set-health lb p 10.0.0.2:7 up
	midoctl batch - <<-E
		load-balancer member del lb p 10.0.0.2:7
		load-balancer member add lb p 10.0.0.2:7 weight 9
		load-balancer member set lb p 10.0.0.3:7 weight none
		nat-block del r0 10.0.0.50 first-port 1024
	E
	midoctl load-balancer vip del lb 10.0.9.8:9 proto udp
}
links() {
	midoctl unlink r0:b
	midoctl link r0:b net2:up
	midoctl port del net1:vm
	midoctl port add net1:vm dev vm1
	sysctl -qw net.midonet.conns_per_port=20 net.midonet.sticky_per_port=5
	sysctl -qw net.midonet.conns_per_port=3000 net.midonet.sticky_per_port=200
}
until_end() { while [ -e "$scratch/storm" ]; do "$@"; done; }
background() { "$@" > /dev/null 2>&1 & jobs="$jobs $!"; }

jobs=
: > "$scratch/storm"
for dst in "9 10.0.0.2" "80 10.0.9.9"; do
	# shellcheck disable=SC2086 # words
	background in_vm vm1 "$bin/frame" blast eth0 02:00:00:00:00:fe 600 $dst
done
background in_vm vm1 ping -f -s 2000 10.0.0.2
background in_vm vm1 ping -i 0.01 fd00:2::2
traffic=$jobs
for job in rules conns readers balance links; do
	background until_end $job
done
sleep "$seconds"
said=$(subsystem connections)
# What goes round ends with its round; what sends is ended.
rm "$scratch/storm"
# shellcheck disable=SC2086 # a list
kill $traffic 2> /dev/null
ip netns pids "$(ns vm1)" | xargs -r kill
wait
echo "# $said"
echo "# $(subsystem connections)"
echo "# $(subsystem sticky)"
check "packets were routed meanwhile" test \
	"$(json '[.[] | select(.name == "net2:vm") | .["tx-packets"]] | add' stats port)" -ge 100
check "connections gave way" grep -qE '; [1-9][0-9]+ gave way' <<< "$(subsystem connections)"
setup midoctl flush
gone() { grep -q ' 0 of ' <<< "$(subsystem connections)"; }
check "all of them end" wait_for 20 gone
setup topology
check "IPv4 flows after the storm" can_ping vm1 10.0.0.2
check "and IPv6" can_ping vm1 fd00:2::2
