#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Two hosts mirror one ZooKeeper: each change is one generation on both. Who loses
# ZooKeeper goes on, and catches up.
#
#	midoctl -s zk -- ZooKeeper --+-- midonetd h1 -- kernel: vm1 -- net0 -- vm2
#	                             '-- midonetd h2 -- kernel of namespace h2
. "$(dirname "$0")/lib_zk.sh"

# test_eq FILTER WANTED: of the hosts of the store
test_eq() {
	[ "$(json "$1" -s "$store" host list)" = "$2" ]
}

# h2_at REVISION: the kernel of h2 has it
h2_at() {
	[ "$(midoctl -n "h2-$$" -j status | jq .revision)" = "$1" ]
}

zk_servers 1
store=zk:$servers
zk_start 1
setup wait_for 60 zk_mode 1

vm vm1 10.0.0.1/24
vm vm2 10.0.0.2/24
check_eq "nothing is there yet" "$(midoctl -s "$store" -j export | jq -c .)" '{"midonet":1}'
check "a topology" midoctl -s "$store" batch - <<-END
	host add h1
	host add h2
	bridge add net0
	port add net0:vm1 dev vm1 host h1
	port add net0:vm2 dev vm2 host h1
	port add net0:far dev tap9 host h2
	ip-set add s members 10.0.0.0/8
	chain add c
	rule add c src-set s accept
END
midoctl -s "$store" export > "$scratch/doc"
check "is what it is" midoctl -s "$store" diff "$scratch/doc"
check_eq "and revision 1" "$(json .revision -s "$store" status)" 1

daemon "$store"
setup ip netns add "h2-$$"
vms="$vms h2-$$"
midonetd --foreground --config /dev/null --store "$store" --host h2 -n "h2-$$" \
	> "$scratch/daemon2" 2>&1 &
daemon2=$!
check "both hosts have it" midoctl -s "$store" wait --timeout 30
check_eq "both are alive" "$(json 'map(.alive) | tostring' -s "$store" host list)" "[true,true]"
check "packets flow" can_ping vm1 10.0.0.2
g1=$(json .generation status)
g2=$(midoctl -n "h2-$$" -j status | jq .generation)

for age in 50 60 70; do
	midoctl -s "$store" bridge set net0 mac-age $age || not_ok "setup: age $age"
done
midoctl -s "$store" batch - <<-END || not_ok "setup: a batch"
	rule add c drop
	rule set c pos 2 to 1
	ip-set set s members +10.1.0.0/16
	port del net0:far
	port add net0:r
	router add r
	port add r:net addresses 10.0.0.9/24 peer net0:r
	route add r dst 0/0 port net gateway 10.0.0.2
END
check "four more revisions" midoctl -s "$store" wait 5 --timeout 30
check_eq "are four generations here" "$(json .generation status)" $((g1 + 4))
check_eq "and there" "$(midoctl -n "h2-$$" -j status | jq .generation)" $((g2 + 4))
midoctl -s "$store" export --ids > "$scratch/store.json"
midoctl export --ids > "$scratch/h1.json"
midoctl -n "h2-$$" export --ids > "$scratch/h2.json"
check "both kernels have what the store has" cmp "$scratch/store.json" "$scratch/h1.json"
check "tunnel keys and ids too" cmp "$scratch/store.json" "$scratch/h2.json"

# Writers side by side: none overwrites another.
for i in 1 2 3 4; do
	midoctl -s "$store" bridge add w$i > "$scratch/w$i" 2>&1 &
	writers="${writers:-} $!"
done
for i in $writers; do
	wait "$i" || not_ok "a writer beside others: $(cat "$scratch"/w?)"
done
check "four writers at once are four revisions" midoctl -s "$store" wait 9 --timeout 30
check_eq "and four bridges" "$(json 'map(select(.name | startswith("w"))) | length' bridge list)" 4
midoctl -s "$store" export --ids > "$scratch/store.json"
check_eq "what is the same again is no revision" "$(midoctl -s "$store" apply "$scratch/store.json" &&
	json .revision -s "$store" status)" 9

# A daemon that is killed, and one that comes again
kill -KILL $daemon2
wait $daemon2 2> /dev/null
midoctl -s "$store" bridge add late || not_ok "setup: a bridge"
midonetd --foreground --config /dev/null --store "$store" --host h2 -n "h2-$$" \
	> "$scratch/daemon2" 2>&1 &
daemon2=$!
check "killed and started again, a host catches up" wait_for 30 h2_at 10
kill -TERM $daemon2
wait $daemon2
check_eq "ended, it is not alive at once" "$(json '.[] | select(.name == "h2") | .alive' -s "$store" host list)" false
check_eq "its kernel keeps what it has" "$(midoctl -n "h2-$$" -j bridge list | jq length)" 6

# No ZooKeeper
zk_kill 1
check "packets flow without ZooKeeper" can_ping vm1 10.0.0.2
check "the status says since when" wait_for 40 store_says "warning +.*no connection since [0-9]+ s; revision 10 is in force"
zk_start 1
setup wait_for 60 zk_mode 1
check "it is back: so is the daemon" wait_for 60 store_says "ok +.*revision 10"
check "what follows is in force" midoctl -s "$store" bridge add back
check "here" midoctl -s "$store" wait 11 --timeout 30

# A daemon that sleeps too long loses its session, and makes another one.
kill -STOP $daemon
check "a host that says nothing is not alive" wait_for 30 \
	test_eq '[.[] | select(.alive)] | length' 0
kill -CONT $daemon
check "it has a new session when it wakes" wait_for 40 \
	test_eq '[.[] | select(.alive)] | length' 1
midoctl -s "$store" bridge add awake || not_ok "setup: a bridge"
check "and goes on" midoctl -s "$store" wait 12 --timeout 30

stop TERM
