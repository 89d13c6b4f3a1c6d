#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1, vm3 (hostile) -- net1 -- r1 -- net2 -- s1, s2
#
# Clients stick to their member when others come; a flood of clients of one port
# forgets only its own.
. "$(dirname "$0")/lib.sh"
need jq

vm vm1 10.0.1.2/24 fd00:1::2/64
vm vm3 10.0.1.4/24 fd00:1::4/64
for i in 1 2; do
	vm s$i 10.0.2.$i/24 fd00:2::$i/64
done
topology <<-E
	bridge add net1
	bridge add net2
	router add r1
	port add net1:vm1 dev vm1
	port add net1:vm3 dev vm3
	port add net1:r
	port add r1:n1 mac 02:00:00:00:01:01 addresses 1.1/24 peer net1:r
	port add net2:r
	port add r1:n2 addresses 2.254/24 peer net2:r
	port add net2:s1 dev s1
	port add net2:s2 dev s2
	load-balancer add lb router r1
	load-balancer pool add lb p4
	load-balancer pool add lb p6
E
gateway vm1 10.0.1.1 fd00:1::1
for i in 1 2; do
	gateway s$i 10.0.2.254 fd00:2::254
done
setup midoctl batch - <<-E
	load-balancer member add lb p4 10.0.2.1:7
	load-balancer member add lb p6 [fd00:2::1]:7
	load-balancer vip add lb 10.0.9.100:80 proto udp pool p4 sticky 600
	load-balancer vip add lb [fd00:9::100]:80 proto udp pool p6 sticky 600
	load-balancer vip add lb 10.0.9.100:81 proto udp pool p4
	load-balancer vip add lb [fd00:9::100]:81 proto udp pool p6
E
cat > "$scratch/other" <<-E
	load-balancer member add lb p4 10.0.2.2:7 weight 65535
	load-balancer member add lb p6 [fd00:2::2]:7 weight 65535
E
setup sysctl -qw net.midonet.sticky_max=100 net.midonet.sticky_per_port=40
r1=02:00:00:00:01:01
probe <<-E
	s1 serve 7
	s2 serve 7
	vm1 udp 9.100 80 sport=3000 seen | echo, 1.2 3000 > 2.1 7 | a client
	vm1 udp 9.100 81 sport=4000 seen | echo, 1.2 4000 > 2.1 7 | one that does not stick
	wait
	do midoctl batch $scratch/other
	vm1 udp 9.100 80 sport=3001 seen | echo, 1.2 3001 > 2.1 7 | a member comes: he stays
	vm1 udp 9.100 81 sport=4000 seen | echo, 1.2 4000 > 2.1 7 | and so does a connection
	vm1 udp 9.100 81 sport=4001 seen | echo, 1.2 4001 > 2.2 7 | others go there
	wait
	vm3 packet udp to=$r1 src=1.100 dst=9.100 dport=80 n=150 step=src wait=0.5
	wait
	vm1 udp 9.100 80 sport=3002 seen | echo, 1.2 3002 > 2.1 7 | a flood of clients at another port: he stays
	wait
E
# Who is out counts as long as a flow holds him.
said=$(subsystem sticky)
check "status: $said" grep -qE "^ok: (3[5-9]|4[0-2]) clients of 100 \(net.midonet.sticky_max\); [1-9][0-9]* gave way$" <<< "$said"
setup sysctl -qw net.midonet.sticky_per_port=32768
probe <<-E
	s1 serve 7
	s2 serve 7
	vm3 packet udp to=$r1 src=1.100 dst=9.100 sport=6 dport=80 n=150 step=src wait=0.5
	wait
	vm1 udp 9.100 80 sport=3003 seen | echo, 1.2 3003 > 2.1 7 | a full table: he stays
	wait
E
said=$(subsystem sticky)
check "status: $said" grep -qE "^warning: (9[0-9]|100) clients of 100" <<< "$said"
