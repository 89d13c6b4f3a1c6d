#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1 -- net0 -- vm2
#
# Waiting for a generation and for health, and counters that are watched.
. "$(dirname "$0")/lib.sh"
need jq ping

vm vm1 10.0.0.1/24
vm vm2 10.0.0.2/24
setup midoctl batch - <<-E
	bridge add net0
	port add net0:vm1 dev vm1
	port add net0:vm2 dev vm2
E

g=$(json .generation status)
check "a generation that is there needs no waiting" midoctl wait "$g" --timeout 0
refused "one that does not come" "still $g" midoctl wait $((g + 1)) --timeout 0.3
midoctl wait $((g + 1)) --timeout 20 &
waiter=$!
sleep 0.3
check "while it is waited for" kill -0 $waiter
setup midoctl bridge add net1
check "it comes, and the waiting ends" wait $waiter
midoctl wait soon 2> /dev/null
check_eq "what is no generation is misuse" $? 2
midoctl wait "$g" --timeout never 2> /dev/null
check_eq "and so is what is no time" $? 2

check "ports that are up are healthy" midoctl status --wait 10
setup ip link set vm2 down
check_fails "a port that is down is not" midoctl status --wait 0.3
midoctl status --wait 20 > /dev/null &
waiter=$!
sleep 0.3
setup ip link set vm2 up
check "until it comes up" wait $waiter

midoctl -j stats net0:vm1 --watch > "$scratch/watched" &
watcher=$!
seen() { [ "$(jq -s length "$scratch/watched")" -ge "$1" ]; }
setup wait_for 10 seen 1
setup can_ping vm1 10.0.0.2
n=$(jq -s length "$scratch/watched")
setup wait_for 10 seen $((n + 2))
kill $watcher
check "watched counters go up" jq -se \
	'[.[] | .[0]["rx-packets"]] | .[-1] >= .[0] + 3' "$scratch/watched"
check "and are of the port asked for" jq -se \
	'all(.[]; length == 1 and .[0].name == "net0:vm1")' "$scratch/watched"
refused "nothing can be watched that is not there" net9 midoctl stats net9 --watch
