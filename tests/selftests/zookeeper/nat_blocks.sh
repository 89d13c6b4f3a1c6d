#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Hosts that translate sources to one address share its ports out: none has a port
# that another has, each has some before it needs them, and keeps what it uses.
#
#	h1: vm1 -- r -- ext	snat to 10.0.9.50:1024-65535
#	h2: the same router
. "$(dirname "$0")/lib_zk.sh"

zk_servers 1
store=zk:$servers
zk_start 1
setup wait_for 60 zk_mode 1
vm vm1 10.0.1.2/24
vm ext 10.0.9.2/24
gateway vm1 10.0.1.1

# blocks [-n NETNS]: the blocks of the kernel, sorted
blocks() {
	midoctl "$@" -j nat-block list | jq -r '.[] | select(.count == 64) | ."first-port"' | sort -n
}

# has N [-n NETNS]: the kernel has at least so many
has() {
	local n=$1
	shift
	[ "$(blocks "$@" | wc -l)" -ge "$n" ]
}

setup midoctl -s "$store" batch - <<-END
	host add h1
	host add h2
	router add r
	port add r:in mac 02:00:00:00:01:01 addresses 10.0.1.1/24 dev vm1 host h1
	port add r:ext mac 02:00:00:00:09:01 addresses 10.0.9.1/24,10.0.9.50/32 dev ext host h1
	neighbour add r:ext 10.0.9.2 mac $(mac_of ext)
END
daemon "$store"
setup ip netns add "h2-$$"
vms="$vms h2-$$"
midonetd --foreground --config /dev/null --store "$store" --host h2 -n "h2-$$" \
	> "$scratch/daemon2" 2>&1 &
daemon2=$!
setup midoctl -s "$store" wait --timeout 30
check_eq "nothing is translated, nothing shared" "$(json length nat-block list)" 0

setup midoctl -s "$store" batch - <<-END
	chain add out
	rule add out src 10.0.1.0/24 snat target 10.0.9.50:1024-65535
	router set r out-chain out
END
setup midoctl -s "$store" wait --timeout 30
check "a rule that translates: this host has a block" wait_for 20 has 1
check "and so has the other" wait_for 20 has 1 -n "h2-$$"
both=$( { blocks; blocks -n "h2-$$"; } | sort -n)
check_eq "none has what another has" "$both" "$(uniq <<< "$both")"
check_eq "and no block is below the rule's ports" "$(head -1 <<< "$both" | awk '{ print ($1 >= 1024) }')" 1
check_eq "ZooKeeper knows them" \
	"$("$bin/zkls" "$servers" "nat/$(json '.[0].id' router list)/10.0.9.50" | awk '{ print $1 * 64 }' | sort -n)" "$both"

# packets from N source ports of vm1, beginning at FIRST
flows() {
	in_vm vm1 python3 - "$1" "$2" <<-END
		import socket, sys
		first, n = map(int, sys.argv[1:])
		for port in range(first, first + n):
		    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
		        s.bind(("10.0.1.2", port))
		        s.sendto(b"x", ("10.0.9.2", 9))
	END
}

flows 20000 40
check "what is used is replaced before it is needed" wait_for 20 has 2
g=$(dropped nat-exhausted)
for first in 30000 31000 32000 33000; do
	flows $first 50
	wait_for 20 has $((2 + (first - 30000) / 1000)) || not_ok "more blocks after $first"
done
check_eq "no packet is lost for want of a port" "$(dropped nat-exhausted)" "$g"
used=$(json '[.[].used] | add' nat-block list)
check "all have one of ours ($used)" test "$used" -ge 240

# What it holds it keeps.
before=$(blocks)
stop KILL
daemon "$store"
setup wait_for 30 store_says "ok +.*is in force"
sleep 6
after=$(blocks)
check_eq "killed and started again, it has what it had" \
	"$(comm -23 <(sort <<< "$before") <(sort <<< "$after"))" ""
node=nat/$(json '.[0].id' router list)/10.0.9.50
kept() {
	local nodes
	nodes=$("$bin/zkls" "$servers" "$node" | awk '{ print $1 * 64 }' | sort)
	[ -z "$(comm -23 <(sort <<< "$before") <(echo "$nodes"))" ]
}
check "and its leases are of the new session" wait_for 20 kept
kill -STOP "$daemon"
sleep 6
kill -CONT "$daemon"
check "a session that was lost costs no lease" wait_for 30 kept
both=$( { blocks; blocks -n "h2-$$"; } | sort -n)
check_eq "still none has what another has" "$both" "$(uniq <<< "$both")"

# No rule, no blocks
setup midoctl -s "$store" router set r out-chain none
none() {
	[ "$(json length nat-block list)" = 0 ]
}
check "without the rule the blocks go" wait_for 20 none
no_leases() {
	[ -z "$("$bin/zkls" "$servers" "$node")" ]
}
check "and the leases" wait_for 20 no_leases
kill -TERM $daemon2
wait $daemon2
stop TERM
