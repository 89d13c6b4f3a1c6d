#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1 -- net1 -- r1 -- net2 -- vm2 (MTU 1400)
#	                       '---- vm3
#
# Packets too big for the path: who says so and how much fits, fragmentation, and
# TCP that finds its way.
. "$(dirname "$0")/lib.sh"
need jq iperf3 tracepath

vm vm1 10.0.1.2/24 fd00:1::2/64
vm vm2 10.0.2.2/24 fd00:2::2/64
vm vm3 10.0.2.3/24 fd00:2::3/64
setup ip link set vm2 mtu 1400
setup in_vm vm2 ip link set eth0 mtu 1400
setup midoctl batch - <<-E
	bridge add net1
	bridge add net2
	router add r1
	port add net1:vm1 dev vm1
	port add net2:vm2 dev vm2
	port add net2:vm3 dev vm3
	port add r1:n1 mac 02:00:00:00:01:01 addresses 10.0.1.1/24,fd00:1::1/64
	port add r1:n2 addresses 10.0.2.1/24,fd00:2::1/64
	port add net1:r peer r1:n1
	port add net2:r peer r1:n2
E
gateway vm1 10.0.1.1 fd00:1::1
gateway vm2 10.0.2.1 fd00:2::1
gateway vm3 10.0.2.1 fd00:2::1
r1=02:00:00:00:01:01

probe <<-E
	vm2 serve 7
	vm1 tcp 2.2 7 bytes=400000 | open | TCP, the path unknown
	vm3 tcp 2.2 7 bytes=400000 | open | TCP inside a bridge
E
for dst in 10.0.2.2 fd00:2::2; do
	check_eq "tracepath to $dst" "$(in_vm vm1 tracepath -n -m 4 $dst |
		sed -n 's/.*Resume: pmtu \([0-9]*\) hops \([0-9]*\).*/\1 \2/p')" "1400 2"
done

# a TCP that knows the path sends large segments that are cut to what fits
rx() { in_vm vm2 cat /sys/class/net/eth0/statistics/rx_{packets,bytes} | xargs; }
for dst in 10.0.2.2 fd00:2::2; do
	in_vm vm2 iperf3 -s -1 -D > /dev/null
	sleep 0.5
	read -ra before <<< "$(rx)"
	check "a TCP transfer to $dst" in_vm vm1 iperf3 -c $dst -t 1
	read -ra after <<< "$(rx)"
	mean=$(((after[1] - before[1]) / (after[0] - before[0] + 1)))
	check "is judged by segment, not by super-packet (mean $mean bytes)" test $mean -gt 2000
done

probe <<-E
	vm2 serve 7
	vm1 ping 2.2 size=1500 df | 3/4 1.1 mtu 1400 | the router says how much fits
	vm1 ping 2.2 size=1401 df | 3/4 1.1 mtu 1400 | a byte too big is too big
	vm1 ping 2.2 size=1400 df | pong 2.2 | what fits passes
	vm1 raw to=$r1 src=1.2 dst=2.2 size=1500 df | 3/4 1.1 mtu 1400 | a cached flow does not let it through
	vm1 raw to=$r1 src=1.2 dst=2.2 size=1500 df icmp=3/3 | nothing | no error about an error
	4 vm1 udp 2.2 7 size=1500 | echo | without DF it is cut, and arrives as it was
	4 vm1 udp 2.2 7 size=4000 | echo | fragments are cut once more
	4 vm1 udp 2.2 7 size=20000 | echo | many of them
	6 vm1 udp 2.2 7 size=1500 df | 3/4 1.1 mtu 1400 | nobody but the sender cuts
	6 vm1 udp 2.2 7 size=1400 df | echo | what fits passes
	vm3 ping 2.2 size=1500 df | 3/4 2.2 mtu 1400 | inside a bridge the destination says it
	6 vm3 udp 2.2 7 size=1500 df | 3/4 2.2 mtu 1400 | inside a bridge nobody but the sender cuts
	4 vm3 udp 2.2 7 size=1500 | echo | inside a bridge it is cut too
	vm3 raw to=vm2 type=0x88b5 src=2.3 dst=2.2 size=1500 | nothing | what is not IP is dropped
	wait
	do midoctl port set net2:vm2 mtu 1300
	vm1 ping 2.2 size=1400 df | 3/4 1.1 mtu 1300 | a port's mtu overrides that of its device
	wait
	do midoctl port set net2:vm2 mtu 1380
	do midoctl port set r1:n2 mtu 1350
	vm1 ping 2.2 size=1400 df | 3/4 1.1 mtu 1350 | the smallest of the path counts
	vm3 ping 2.2 size=1400 df | 3/4 2.2 mtu 1380 | whatever other paths take
	wait
	do midoctl port set net2:vm2 mtu none
	do midoctl port set r1:n2 mtu none
	vm1 ping 2.2 size=1400 df | pong 2.2 | without it the device counts again
	wait
	do ip link set vm2 mtu 1320
	vm1 ping 2.2 size=1400 df | 3/4 1.1 mtu 1320 | a device's new MTU counts at once
	wait
	do ip link set vm2 mtu 1400
E
counted mtu 12

