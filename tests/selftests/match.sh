#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Every match word, judged by tracing one packet that matches and one that does
# not. The trace is the datapath.
. "$(dirname "$0")/lib.sh"
need jq

vm vm1
vm vm2
setup midoctl bridge add net0
setup midoctl port-group add grp
setup midoctl port-group add other
setup midoctl port add net0:vm1 dev vm1 mac 02:00:00:00:00:01 port-groups grp
setup midoctl port add net0:vm2 dev vm2 mac 02:00:00:00:00:02
setup midoctl mac add net0 02:00:00:00:00:02 port vm2
setup midoctl ip-set add set4 members 10.1.0.0/16,10.2.3.4,fd01::/32
setup midoctl chain add c
setup midoctl bridge set net0 out-chain c

verdict() {
	json .verdict trace net0:vm1 hw-dst 02:00:00:00:00:02 "$@"
}

# word MATCH PACKET-THAT-MATCHES PACKET-THAT-DOES-NOT [ITS-VERDICT]
word() {
	# shellcheck disable=SC2086 # words are split on purpose
	setup midoctl rule add c $1 drop
	# shellcheck disable=SC2086
	check_eq "$1: matches $2" "$(verdict $2)" drop
	# shellcheck disable=SC2086
	[ -z "$3" ] || check_eq "$1: does not match $3" "$(verdict $3)" "${4:-output}"
	setup midoctl rule del c pos 1
}

tcp="src 10.0.0.1 dst 10.0.0.2 proto tcp src-port 1000 dst-port 80"
udp="src 10.0.0.1 dst 10.0.0.2 proto udp src-port 1000 dst-port 53"
udp6="src fd00::1 dst fd00::2 proto udp src-port 1000 dst-port 53"
icmp="src 10.0.0.1 dst 10.0.0.2 proto icmp icmp-type 8 icmp-code 0"

word "ethertype ip" "$tcp" "$udp6"
word "ethertype ipv6" "$udp6" "$udp"
word "ethertype 0x88b5" "ethertype 0x88b5" "$udp"
word "hw-src 02:00:00:00:00:01" "$tcp" "hw-src 02:00:00:00:00:05 $tcp"
word "hw-src 02:00:00:00:00:00/ff:ff:ff:ff:ff:f0" "$tcp" "hw-src 02:00:00:00:00:15 $tcp"
word "hw-dst 02:00:00:00:00:02" "$tcp" ""
word "vlan 7" "vlan 7 $tcp" "$tcp"
# The static MAC is for untagged frames: others flood.
word "vlan none" "$tcp" "vlan 7 $tcp" flood
word "src 10.0.0.0/24" "$tcp" "src 10.0.1.1 dst 10.0.0.2 proto tcp"
word "src !10.0.0.0/24" "src 10.0.1.1 dst 10.0.0.2 proto tcp" "$tcp"
word "src 10.0.0.0/31,10.0.5.0/24" "$tcp" "src 10.0.0.2 dst 10.0.0.2 proto tcp"
word "dst fd00::/64" "$udp6" "$udp"
word "src-set set4" "src 10.1.200.1 dst 10.0.0.2 proto tcp" "$tcp"
word "src-set set4" "src 10.2.3.4 dst 10.0.0.2 proto tcp" "src 10.2.3.5 dst 10.0.0.2 proto tcp"
word "src-set set4" "src fd01:0:1::1 dst fd00::2 proto udp" "$udp6"
word "dst-set !set4" "$tcp" "src 10.0.0.1 dst 10.1.0.1 proto tcp"
word "proto tcp" "$tcp" "$udp"
word "proto 17,1" "$icmp" "$tcp"
word "src-port 1000" "$tcp" "src 10.0.0.1 dst 10.0.0.2 proto tcp src-port 1001 dst-port 80"
word "dst-port 80,443" "$tcp" "$udp"
word "dst-port 50-60" "$udp" "$tcp"
word "dst-port !50-60" "$tcp" "$udp"
word "dst-port !50-60" "$tcp" "$icmp"
word "icmp-type 8" "$icmp" "$tcp"
word "icmp-type 8 icmp-code 1" "src 10.0.0.1 dst 10.0.0.2 proto icmp icmp-type 8 icmp-code 1" "$icmp"
word "tcp-flags 0x02/0x12" "$tcp tcp-flags 0x02" "$tcp tcp-flags 0x12"
word "dscp 46" "$udp dscp 46" "$udp"
word "in-port net0:vm1" "$tcp" ""
word "out-port net0:vm2" "$tcp" ""
word "in-port !net0:vm2" "$tcp" ""
word "port-group grp" "$tcp" ""
word "in-port-group grp" "$tcp" ""
word "not src 10.0.0.0/24" "src 10.0.1.1 dst 10.0.0.2 proto tcp" "$tcp"
word "fragment none" "$tcp" ""

setup midoctl rule add c out-port-group grp drop
check_eq "out-port-group of the other port does not match" "$(verdict $tcp)" output
setup midoctl rule del c pos 1
setup midoctl rule add c port-group other drop
check_eq "a group the port is not in does not match" "$(verdict $tcp)" output

check_eq "L3 and L4 words see inside a tag" \
	"$(setup midoctl rule set c pos 1 port-group none dst-port 80; verdict vlan 9 $tcp)" drop
