#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1 -- net0 -- vm2
#
# TCP between two VMs stays in large segments with partial checksums.
. "$(dirname "$0")/lib.sh"
need jq iperf3

vm vm1 10.0.0.1/24 fd00::1/64
vm vm2 10.0.0.2/24 fd00::2/64
setup midoctl batch - <<-E
	bridge add net0
	port add net0:vm1 dev vm1
	port add net0:vm2 dev vm2
E
rx() { in_vm vm2 cat /sys/class/net/eth0/statistics/rx_$1; }

for addr in 10.0.0.2 fd00::2; do
	in_vm vm2 iperf3 -s -1 -D > /dev/null
	sleep 0.5
	packets=$(rx packets)
	bytes=$(rx bytes)
	check "a TCP transfer to $addr" in_vm vm1 iperf3 -c $addr -t 1
	mean=$((($(rx bytes) - bytes) / ($(rx packets) - packets + 1)))
	check "segments arrive whole (mean $mean bytes)" test $mean -gt 3000
done
check_eq "no checksum was wrong" \
	"$(in_vm vm2 nstat -az TcpInCsumErrors | awk '/TcpInCsumErrors/ {print $2}')" 0
check "ports count segments, not super-packets" test \
	"$(json '.[] | select(.name == "net0:vm2") | (.["tx-bytes"] / .["tx-packets"] | floor)' stats port)" -le 1514
