#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1 -- net1 -- r1 -- ext
#
# TCP through snat with and without segmentation and checksum offloads on either
# side: it arrives, every checksum is right, and what is large stays large.
. "$(dirname "$0")/lib.sh"
need jq iperf3 ethtool

vm vm1 10.0.1.2/24 fd00:1::2/64
vm ext 10.0.9.2/24 fd00:9::2/64
topology <<-E
	bridge add net1
	router add r1
	port add net1:vm1 dev vm1
	port add net1:r
	port add r1:n1 mac 02:00:00:00:01:01 addresses 1.1/24 peer net1:r
	port add r1:ext mac 02:00:00:00:09:01 addresses 9.1/24,9.50/32 dev ext
	chain add out
	rule add out out-port r1:ext src 1.0/24 snat target 9.50:2000-2099
	router set r1 out-chain out
E
lasting
gateway vm1 10.0.1.1 fd00:1::1

errors() { in_vm "$1" nstat -az TcpInCsumErrors UdpInCsumErrors Udp6InCsumErrors | awk '/Csum/ {n += $2} END {print n}'; }
rx() { in_vm "$1" cat /sys/class/net/eth0/statistics/rx_{packets,bytes} | xargs; }
mean() {
	local b=($1) a=($2)
	echo $(((a[1] - b[1]) / (a[0] - b[0] + 1)))
}
# run DESCRIPTION LARGE: TCP both ways by both versions
run() {
	local dst before
	for dst in 10.0.9.2 fd00:9::2; do
		in_vm ext iperf3 -s -1 -D > /dev/null
		wait_for 5 sh -c "ip netns exec ext-$$ ss -ltn | grep -q :5201"
		before=$(rx ext)
		check "$1, to $dst" in_vm vm1 iperf3 -c $dst -t 1 --bidir
		[ -z "$2" ] || check "segments arrive whole ($(mean "$before" "$(rx ext)"))" \
			test "$(mean "$before" "$(rx ext)")" -gt 2000
	done
}
offload() { ethtool -K "$@" > /dev/null 2>&1; }

run "offloads everywhere" large
in_vm vm1 ethtool -K eth0 tx off > /dev/null 2>&1
run "the sender makes the checksums" ""
in_vm vm1 ethtool -K eth0 tx on tso on gso on > /dev/null 2>&1
offload vm1 tx off
offload ext tx off
run "the last device makes them out of what the router left" ""
offload ext tx on tso on
offload vm1 tx on tso on
in_vm vm1 ethtool -K eth0 tso off gso off gro off > /dev/null 2>&1
in_vm ext ethtool -K eth0 tso off gso off gro on > /dev/null 2>&1
offload ext gro on
offload vm1 gro on
run "small ones are put together on the way" ""
check_eq "no checksum was wrong at vm1" "$(errors vm1)" 0
check_eq "nor at ext" "$(errors ext)" 0
in_vm ext iperf3 -s -1 -D > /dev/null
wait_for 5 sh -c "ip netns exec ext-$$ ss -ltn | grep -q :5201"
offload ext tx off
check "UDP" in_vm vm1 iperf3 -c 10.0.9.2 -u -b 20M -l 1200 -t 1
check_eq "no checksum was wrong" "$(errors ext)" 0
