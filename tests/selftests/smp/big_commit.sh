#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A commit of OBJECTS (100 000) rules while packets flow: none is lost.
. "$(dirname "$0")/../lib.sh"
need jq ping

n=${OBJECTS:-100000}
vm vm1 10.0.0.1/24
vm vm2 10.0.0.2/24
setup midoctl bridge add net0
setup midoctl port add net0:vm1 dev vm1
setup midoctl port add net0:vm2 dev vm2
setup can_ping vm1 10.0.0.2

{
	echo "chain add big"
	for i in $(seq "$n"); do
		echo "rule add big src 10.$((i >> 16 & 255)).$((i >> 8 & 255)).$((i & 255)) drop"
	done
} > "$scratch/batch"

in_vm vm1 ping -q -i 0.002 -w 600 10.0.0.2 > "$scratch/pings" &
pinger=$!
sleep 0.5
check "$n rules in one transaction" midoctl batch "$scratch/batch"
check_eq "all are there" "$(json length rule list big)" "$n"
check "and go again" midoctl chain del big
sleep 0.5
ip netns pids "$(ns vm1)" | xargs -r kill -INT
wait $pinger
check "no ping was lost meanwhile" grep -q ' 0% packet loss' "$scratch/pings"
sed 's/^/# /' "$scratch/pings" | tail -2
