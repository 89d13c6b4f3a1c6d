#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1 -- net0 -- 70 devices
#
# A broadcast reaches every other port once, also when there are so many that a
# worker sends them.
. "$(dirname "$0")/lib.sh"
need jq

n=70
vm vm1 10.0.0.1/24
{
	for i in $(seq $n); do
		echo "link add p$i type veth peer name q$i"
		echo "link set p$i up"
		echo "link set q$i up"
	done
} > "$scratch/links"
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
setup ip -batch "$scratch/links"
{
	echo "bridge add net0"
	echo "port add net0:vm1 dev vm1"
	for i in $(seq $n); do
		echo "port add net0:p$i dev p$i"
	done
} > "$scratch/batch"
setup midoctl batch "$scratch/batch"
all_up() { [ "$(json '[.[] | select(.state == "up")] | length' port list)" = $((n + 1)) ]; }
setup wait_for 20 all_up

# what the far ends have received
received() {
	ip -j -s link show type veth |
		jq '[.[] | select(.ifname | startswith("q")) | .stats64.rx.packets] | add'
}
setup in_vm vm1 sysctl -qw net.ipv6.conf.all.disable_ipv6=1
sleep 0.5
before=$(received)
pad=$(printf '00%.0s' {1..46})
frame vm1 "ffffffffffff 020000000001 88b5 $pad"
arrived() { [ $(($(received) - before)) -ge $n ]; }
check "a broadcast reaches all $n ports" wait_for 5 arrived
sleep 0.3
check_eq "once each" $(($(received) - before)) $n
check_eq "such a flood is not cached" \
	"$(json '[.[] | select(.key["hw-src"] == "02:00:00:00:00:01")] | length' flow list)" 0

for i in $(seq 41 $n); do
	echo "port del net0:p$i"
done > "$scratch/batch"
setup midoctl batch "$scratch/batch"
before=$(received)
frame vm1 "ffffffffffff 020000000001 88b5 $pad" "ffffffffffff 020000000001 88b5 $pad"
sleep 0.5
check_eq "two broadcasts to 40 ports" $(($(received) - before)) 80
