#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Three servers: one of them may go, the leader, too. A thousand revisions make a
# snapshot, and the journal before the last but one goes.
#
#	midoctl, midonetd -- server 1, 2, 3
. "$(dirname "$0")/../lib_zk.sh"

# leader: which server leads
leader() {
	local i
	for i in 1 2 3; do
		[ "$(zk_mode $i)" = leader ] && echo $i && return
	done
	return 1
}

zk_servers 3
store=zk:$servers/somewhere/else
for i in 1 2 3; do
	zk_start $i
done
setup wait_for 90 leader
for i in 1 2 3; do
	setup wait_for 60 zk_mode $i
done

setup midoctl -s "$store" batch - <<-END
	host add h1
	bridge add net0
END
daemon "$store"
check "a host mirrors three servers" midoctl -s "$store" wait --timeout 60

first=$(leader)
zk_kill "$first"
check "a change without the leader" midoctl -s "$store" bridge add net1
check "is in force" midoctl -s "$store" wait 2 --timeout 60
zk_start "$first"
setup wait_for 60 zk_mode "$first"
second=$(leader)
zk_kill "$second"
check "the next leader may go, too" midoctl -s "$store" bridge add net2
check "and that is in force" midoctl -s "$store" wait 3 --timeout 60
zk_start "$second"
setup wait_for 60 zk_mode "$second"

# A change that is larger than a node
{
	echo 'ip-set add many'
	awk 'BEGIN {
		for (i = 0; i < 80; i++) {
			printf "ip-set set many members +"
			for (j = 0; j < 1000; j++)
				printf "%s10.%d.%d.%d", j ? "," : "", i, j / 250, j % 250
			print ""
		}
	}'
} > "$scratch/many"
check "a change of 80000 members" midoctl -s "$store" batch "$scratch/many"
check "is one revision" midoctl -s "$store" wait 4 --timeout 120
check_eq "here as there" "$(json '.[0].members | length' ip-set list)" 80000

# Writers side by side, while the leader goes
"$bin/revise" "$store" net0 150 > "$scratch/r1" 2>&1 &
w1=$!
"$bin/revise" "$store" net1 150 > "$scratch/r2" 2>&1 &
w2=$!
sleep 2
third=$(leader)
zk_kill "$third"
wait $w1
check_eq "a writer while the leader goes ($(cat "$scratch/r1"))" $? 0
wait $w2
check_eq "and another one ($(cat "$scratch/r2"))" $? 0
check_eq "each change is one revision, none is lost" "$(json .revision -s "$store" status)" 304
check "and in force" midoctl -s "$store" wait 304 --timeout 120
zk_start "$third"
setup wait_for 60 zk_mode "$third"

# Snapshots
stop TERM
setup "$bin/revise" "$store" net0 1900
daemon "$store"
check "a host that was away for 1900 revisions" midoctl -s "$store" wait 2204 --timeout 120
midoctl -s "$store" export --ids > "$scratch/store.json"
midoctl export --ids > "$scratch/kernel.json"
check "has what the store has" cmp "$scratch/store.json" "$scratch/kernel.json"
check_eq "two snapshots are kept" "$("$bin/zkls" "$servers/somewhere/else" snapshot | wc -l)" 2
oldest=$("$bin/zkls" "$servers/somewhere/else" snapshot | head -1)
check_eq "and the journal behind the older one" \
	"$("$bin/zkls" "$servers/somewhere/else" journal | head -1)" "$(printf %020d $((10#$oldest + 1)))"
check_eq "with its changes" "$("$bin/zkls" "$servers/somewhere/else" txn | wc -l)" \
	"$("$bin/zkls" "$servers/somewhere/else" journal | wc -l)"
check "a change from a snapshot on" midoctl -s "$store" bridge add net3
check "is in force" midoctl -s "$store" wait 2205 --timeout 60
stop TERM
