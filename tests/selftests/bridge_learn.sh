#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1 --.
#	vm2 --+-- net0
#	vm3 --'
#
# Learning: new, moved, aged, limited; never a group address.
. "$(dirname "$0")/lib.sh"
need jq

for i in 1 2 3; do
	vm vm$i 10.0.0.$i/24
done
setup midoctl bridge add net0
for i in 1 2 3; do
	setup midoctl port add net0:vm$i dev vm$i
done

dst=ffffffffffff
roamer=020000000099
where() {
	json ".[] | select(.mac == \"02:00:00:00:00:99\") | .port" mac list net0
}

frame vm1 ${dst}${roamer}88b5$(printf '00%.0s' {1..46})
check_eq "a source MAC is learned" "$(where)" net0:vm1
frame vm2 ${dst}${roamer}88b5$(printf '00%.0s' {1..46})
check_eq "it moves with its sender" "$(where)" net0:vm2
frame vm1 ${dst}${roamer}88b5$(printf '00%.0s' {1..46})
check_eq "and back, through a cached flow" "$(where)" net0:vm1

gone() { [ -z "$(where)" ]; }
setup midoctl bridge set net0 mac-age 2
check "unused, it is forgotten after mac-age" wait_for 15 gone

# Twice as long as that takes; if it were forgotten meanwhile, it would be learned again.
midoctl -j monitor > "$scratch/events" &
monitor=$!
frame_of() { echo ${dst}0200000000${1}88b5$(printf '00%.0s' {1..46}); }
learned() {
	frame vm2 "$(frame_of $1)"
	grep -q 02:00:00:00:00:$1 "$scratch/events"
}
n=10
next_learned() { learned $((++n)); }
setup wait_for 10 next_learned
setup in_vm vm1 "$bin/frame" pace eth0 100 60 "$(frame_of 99)"
check_eq "used by cached flows only, it stays" "$(where)" net0:vm1
kill $monitor
check_eq "all the time" "$(grep -c 02:00:00:00:00:99 "$scratch/events")" 1
setup midoctl bridge set net0 mac-age none
frame vm1 "$(frame_of 99)"

check_eq "dynamic entries have their origin" \
	"$(json '[.[].origin] | unique | join(",")' mac list net0)" learned

frame vm1 ${dst}01005e00000188b5$(printf '00%.0s' {1..46})
check "a group source address is dropped" test "$(dropped multicast-source)" -ge 1

setup midoctl port set net0:vm3 mac-limit 4
for i in 1 2 3 4 5 6 7 8; do
	frame vm3 ${dst}02000000aa0${i}88b5$(printf '00%.0s' {1..46})
done
check_eq "no more than mac-limit are learned on a port" \
	"$(json '[.[] | select(.port == "net0:vm3")] | length' mac list net0)" 4
check "unlearned senders still pass" can_ping vm1 10.0.0.2
