#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1 -- red === blue -- vm2
#
# A little of everything, quickly: for kernels where the whole suite would take
# too long.
. "$(dirname "$0")/lib.sh"
need jq ping

vm vm1 10.0.0.1/24 fd00::1/64
vm vm2 10.0.0.2/24 fd00::2/64
check "a topology in one transaction" midoctl batch - <<-E
	bridge add red
	bridge add blue
	port add red:vm1 dev vm1
	port add blue:vm2 dev vm2
	port add red:blue
	port add blue:red peer red:blue
	chain add c
	rule add c proto udp dst-port 9 drop
	port set blue:vm2 out-chain c
E
check "IPv4, first packet included" can_ping vm1 10.0.0.2
check "IPv6, first packet included" can_ping vm1 fd00::2
check "large packets" in_vm vm1 ping -q -c 2 -i 0.1 -W 2 -s 4000 10.0.0.2
check "a rule drops" test "$(json .verdict trace red:vm1 hw-src 02:00:00:00:00:01 src 10.0.0.1 dst 10.0.0.2 \
	hw-dst "$(mac_of vm2)" proto udp dst-port 9)" = drop
check "a document comes back as it went" sh -c \
	'midoctl export > /tmp/doc && midoctl diff /tmp/doc'
check "devices come and go" sh -c 'ip link del vm1 && sleep 0.2 && midoctl show > /dev/null'
check_eq "the port waits for its device" "$(port_state red:vm1)" no-device
check "flush" midoctl flush
