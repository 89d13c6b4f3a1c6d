#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Malformed frames are dropped and counted, each kind.
. "$(dirname "$0")/lib.sh"
need jq

vm vm1 10.0.0.1/24
vm vm2 10.0.0.2/24
setup midoctl batch - <<-E
	bridge add net0
	port add net0:vm1 dev vm1
	port add net0:vm2 dev vm2
E
head="ffffffffffff020000000001"

bad() {
	local before
	before=$(dropped malformed)
	frame vm1 "$head$2"
	check_eq "$1" $(($(dropped malformed) - before)) 1
}

bad "IPv4 header cut" "0800 45000014000000004011"
bad "IPv4 version 5" "0800 55000014000000004011 0000 0a0000010a000002 0000"
bad "IPv4 header length 4" "0800 44000014000000004011 0000 0a0000010a000002 0000"
bad "IPv4 options beyond the frame" "0800 4f000014000000004011 0000 0a0000010a000002 0000"
bad "IPv4 total length beyond the frame" "0800 4500ffff000000004011 0000 0a0000010a000002 0000"
bad "IPv4 total length below the header" "0800 45000013000000004011 0000 0a0000010a000002 0000"
bad "IPv6 header cut" "86dd 60000000 0000 11 40 fd00"
bad "IPv6 version 7" "86dd 70000000 0000 11 40 $(printf 'fd%.0s' {1..32})"
bad "IPv6 payload length beyond the frame" "86dd 60000000 00ff 11 40 $(printf 'fd%.0s' {1..32})"
bad "IPv6 extension header beyond the packet" "86dd 60000000 0008 00 40 $(printf 'fd%.0s' {1..32}) 11ff000000000000"
bad "ARP cut" "0806 0001 0800 06 04 0001 0200"
bad "TCP header cut" "0800 45000018000000004006 0000 0a0000010a000002 00500050"
bad "TCP data offset below the header" "0800 45000028000000004006 0000 0a0000010a000002 00500050 0000000000000000 4002 0000 0000 0000"
bad "UDP header cut" "0800 45000018000000004011 0000 0a0000010a000002 00500050"
check "the bridge still forwards" can_ping vm1 10.0.0.2
