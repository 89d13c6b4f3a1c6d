#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Hosts share connections: what vm1 says leaves by one edge, translated, the answers
# come back by another one, which belongs to the same stateful port group.
. "$(dirname "$0")/lib.sh"
. "$tools/lib_overlay.sh"
. "$tools/lib_chan.sh"
need jq ping python3

world
edges true | everywhere h1 h2 h3
patient h1 h2 h3
check "the hosts have found each other" wait_for 10 all_told h1 h2 h3
check_eq "and are alive" "$(json_on h1 'map(.alive) | all' host list)" true
check "an answer by another edge finds back, at once" can_ping vm1 198.51.100.1
check_eq "the edge that sends knows the connection" "$(on h2 conn count)" 1
check_eq "and the one that gets the answer" "$(on h3 conn count)" 1
check_eq "and what the answer made of it is known to who began" \
	"$(json_on h1 '.[0].state + " " + (.[0].answered | tostring)' conn list)" \
	"$(json_on h3 '.[0].state + " " + (.[0].answered | tostring)' conn list)"

serving w2 7
background in_vm vm1 "$tools/chan_tcp.py" talk 198.51.100.1 7 "$scratch/said"
check "TCP, too" wait_for 10 test -s "$scratch/said"
established() {
	on h1 conn list | grep -q established && on h2 conn list | grep -q established &&
		on h3 conn list | grep -q established
}
check "it is established everywhere" wait_for 5 established

# what the owner forgets, all forget
setup on h1 conn flush
forgotten() {
	! on h2 conn list | grep -q icmp && ! on h3 conn list | grep -q icmp
}
check "flushed where it began, it is gone everywhere" wait_for 5 forgotten

# without the group, the edge does not know
for h in h1 h2 h3; do
	setup on $h port-group set edges stateful false
done
check "edges that are not stateful do not share" cannot_ping vm1 198.51.100.1
for h in h1 h2 h3; do
	setup on $h port-group set edges stateful true
done
check "and do again" can_ping vm1 198.51.100.1

# many at once
same() {
	same_conns h1 h2 && same_conns h1 h3
}
in_vm vm1 "$tools/chan_tcp.py" many 198.51.100.1 9 300 20000
check "300 connections are everywhere" wait_for 10 same
check "there are 300 and more" test "$(conns h3)" -ge 300
check "nothing was refused" test "$(session h1 h3 refused)$(session h3 h1 refused)" = 00

# who is away for a while
setup ip link set u3 down
missed() {
	! told h1 h3
}
in_vm vm1 "$tools/chan_tcp.py" many 198.51.100.1 9 100 30000
check "h3 is missed" wait_for 10 missed
setup ip link set u3 up
check "when it is back it is told" wait_for 10 same_conns h1 h3
check "400 and more" test "$(conns h3)" -ge 400
