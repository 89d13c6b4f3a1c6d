#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Eight hypervisors, all of whose VMs reach each other, by IPv4 and IPv6, over an
# underlay that delays, reorders, repeats and loses packets.
#
#	vm1 - h1 -.
#	...       -+- underlay
#	vm8 - h8 -'
. "$(dirname "$0")/lib.sh"
. "$tools/lib_overlay.sh"
need jq ping tc

hosts=${HOSTS-8}
under "$hosts"
for i in $(seq "$hosts"); do
	guest h$i vm$i 10.0.0.$i/24 fd00::$i/64
done
{
	bridged "$hosts"
	zone tz 4 "$hosts" encap geneve
} > "$scratch/topology"
for i in $(seq "$hosts"); do
	setup on h$i batch "$scratch/topology"
	setup on h$i host set-local h$i
done

# reach COUNT WAIT NEAR4 NEAR6 [INTERVAL]: what is lost of so many pings of each VM to so many others
# by IPv4 and IPv6, all at once, and how many there were. When something came, ping waits
# no longer for the last answer than an interval
reach() {
	local i pids=
	for i in $(seq "$hosts"); do
		in_vm vm$i sh -c "
			for d in \$(seq $3); do
				ping -q -c $1 -i ${5-0.05} -W $2 10.0.0.\$((($i + d - 1) % $hosts + 1)) &
			done
			for d in \$(seq $4); do
				ping -q -c $1 -i ${5-0.05} -W $2 fd00::\$((($i + d - 1) % $hosts + 1)) &
			done
			wait" > "$scratch/said$i" &
		pids="$pids $!"
	done
	# shellcheck disable=SC2086 # a list
	wait $pids
	cat "$scratch"/said* | awk '/transmitted/ { sent += $1; got += $4 } END { print sent - got, sent }'
}
# netem WORD...: what happens to whatever leaves the underlay
netem() {
	local i
	for i in $(seq "$hosts"); do
		setup tc qdisc replace dev u$i root netem "$@"
	done
}
repeated() { grep -h duplicates "$scratch"/said* | wc -l; }

check_eq "everybody reaches everybody, first packets included" "$(reach 1 10 $((hosts - 1)) 1)" "0 $((hosts * hosts))"
check_eq "each host knows the others" \
	"$(json_on h1 '.subsystems[] | select(.name == "tunnel-zone tz") | .text' status)" \
	"geneve at 192.0.2.1 port 6081, $((hosts - 1)) peers"
netem delay 20ms 5ms reorder 30% 50% duplicate 5%
check_eq "late, twice and in another order, nothing is lost" "$(reach 3 10 2 2 1)" "0 $((12 * hosts))"
check "some came twice" test "$(repeated)" -gt 0
netem delay 5ms loss 10%
read -r lost sent <<< "$(reach 10 2 2 2)"
# the request or its answer: a fifth of what is sent
check "a tenth is lost on each way, no more ($lost of $sent)" test "$lost" -gt 0 -a $((lost * 2)) -lt "$sent"
netem delay 0
check_eq "and nothing once the underlay is well" "$(reach 1 10 1 1)" "0 $((2 * hosts))"
for i in 1 "$hosts"; do
	check_eq "the tunnels of h$i dropped nothing" \
		"$(json_on h$i 'map(select(.reason | startswith("tunnel-")) | .packets) | add // 0' drops)" 0
done
