#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What goes wrong around a daemon: clocks jump, nodes are written by somebody who does
# not know how. It is said, and nothing is lost.
#
#	vm1 -- net0 -- vm2
. "$(dirname "$0")/lib_zk.sh"

zk_servers 1
store=zk:$servers
zk_start 1
vm vm1 10.0.0.1/24
vm vm2 10.0.0.2/24
setup wait_for 60 zk_mode 1
setup midoctl -s "$store" batch - <<-END
	host add h1
	bridge add net0
	port add net0:vm1 dev vm1 host h1
	port add net0:vm2 dev vm2 host h1
	router add r
	load-balancer add lb router r
	load-balancer pool add lb p health-check tcp
	load-balancer member add lb p 10.0.0.2:80
	host add h2
	port add r:hc2 dev mnhc0 host h2 addresses 10.255.0.1/30
END
daemon "$store"
setup midoctl -s "$store" wait --timeout 30

# by_hand PATH TEXT: a node says that, - removes it
by_hand() {
	setup "$bin/zkls" "$servers" "$@"
}
journal() {
	printf 'journal/%020d' "$1"
}

# Clocks
since=$(midoctl -s "$store" -j host list | jq -c 'map(.alive)')
for jump in "+2 days" "-4 days" "+2 days"; do
	setup date -s "$jump"
	check "the clock jumps by $jump: packets flow" can_ping vm1 10.0.0.2
	check "changes are made" midoctl -s "$store" bridge set net0 mac-age "$((RANDOM % 500 + 20))"
	check "and are in force" midoctl -s "$store" wait --timeout 30
done
check_eq "no session is lost" "$(midoctl -s "$store" -j host list | jq -c 'map(.alive)')" "$since"
check "all is well" store_says "ok +.*revision 4"

# Rubbish
by_hand revision rubbish
check "a revision that is none is named" wait_for 20 store_says "error +.*/revision: .*revision 4 is in force"
by_hand revision 4
check "put right, all is well" wait_for 20 store_says "ok +.*revision 4"
by_hand "$(journal 5)" '{"txn":"../../x","after":1,"chunks":-1}'
by_hand revision 5
check "an entry that is none is named" wait_for 20 store_says "error +.*$(journal 5).*revision 4 is in force"
by_hand "$(journal 5)" '{"txn":"00000000-0000-0000-0000-000000000001","chunks":1}'
check "so is one whose change is not there" wait_for 20 store_says "error +.*neither the next revision nor a snapshot is there.*revision 4 is in force"
by_hand txn/00000000-0000-0000-0000-000000000001 ""
by_hand txn/00000000-0000-0000-0000-000000000001/0 '{"put":"teleporter","id":7}'
check "and one of a newer version" wait_for 20 store_says "error +.*revision 5 cannot be read.*revision 4 is in force"
check "packets flow all the time" can_ping vm1 10.0.0.2
by_hand revision 4
by_hand "$(journal 5)" -
check "put right, all is well" wait_for 20 store_says "ok +.*revision 4"
host=$(json '.[] | select(.name == "h1").id' host list)
by_hand "hosts/$host/alive" '[['
check "a host that says rubbish" midoctl -s "$store" host list
by_hand hosts/what ""
by_hand hosts/what/alive '{}'
check "and one that is none" midoctl -s "$store" host list
pool=$(json '.[0].id' load-balancer pool list)
by_hand "lb/$pool/health" '{"members":{"10.0.0.2:80":"splendid"}}'
said() {
	[[ $(subsystem health) =~ $1 ]]
}
check "health that is none is named" wait_for 20 said "warning: pool lb p: .* cannot be read"
by_hand "lb/$pool/health" '{"members":{"10.0.0.2:80":"down"}}'
check "put right it is taken" wait_for 20 said "ok: .*1 of 1 members down"
check "a change goes in as ever" midoctl -s "$store" bridge add last
check "and is in force" midoctl -s "$store" wait 5 --timeout 30
stop TERM
zk_kill 1
