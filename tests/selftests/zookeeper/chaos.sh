#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Two writers change a topology at random while daemons and servers of ZooKeeper are
# killed at random and packets are late on the underlay. In the end every kernel has
# what the store has, and no packet is lost that should have arrived.
#
#	writer 1, 2 -- ZooKeeper 1, 2, 3 --+-- midonetd -- h1: vm1 -.
#	                                   +-- midonetd -- h2: vm2 -+- underlay
#	                                   '-- midonetd -- h3: vm3 -'
#
# CHAOS_SECONDS (10) says how long, CHAOS_SEED repeats the choices.
. "$(dirname "$0")/lib_zk.sh"
. "$tools/lib_overlay.sh"
. "$tools/lib_cluster.sh"
need python3

seed=${CHAOS_SEED:-$RANDOM}
echo "# CHAOS_SEED=$seed"
RANDOM=$seed

cluster 3
for i in 1 2 3; do
	setup tc qdisc add dev u$i root netem delay 3ms 2ms
done
{
	echo "ip-set add junk members 198.51.100.1"
	echo "chain add guard"
	echo "rule add guard src-set junk drop"
	bridged 3
	for i in 1 2 3; do
		echo "port set net0:vm$i in-chain guard"
		echo "bridge add w$i"
	done
	zone tz 4 3
} > "$scratch/topology"
setup midoctl -s "$store" batch "$scratch/topology"
for i in 1 2 3; do
	daemon_start $i
done
setup midoctl -s "$store" wait --timeout 60
# neighbours know each other
for i in 1 2 3; do
	check "vm$i reaches vm$((i % 3 + 1))" can_ping vm$i 10.0.0.$((i % 3 + 1))
done

# writer N: changes at random, until there is $scratch/stop
writer() {
	local n=$1 i=0 r
	RANDOM=$((seed + n))
	while [ ! -e "$scratch/stop" ]; do
		i=$((i + 1)) r=$((RANDOM % 5))
		case $r in
		0) echo "ip-set set junk members +198.51.$n.$((RANDOM % 200 + 1))" ;;
		1) echo "ip-set set junk members 198.51.100.$((RANDOM % 200 + 1))" ;;
		2) echo "rule add guard pos 1 dst 203.0.113.$((RANDOM % 200 + 1)) drop" ;;
		3) printf '%s\n' "port add w$n:p$i host h$((RANDOM % 3 + 1)) dev nope$i" \
			"bridge set w$n mac-age $((RANDOM % 500 + 20))" ;;
		4) printf '%s\n' "bridge del w$n" "bridge add w$n" \
			"port set net0:vm$n in-chain guard" ;;
		esac > "$scratch/change.$n"
		# without a leader it takes a while, or is refused
		midoctl -s "$store" batch "$scratch/change.$n" >> "$scratch/writer.$n" 2>&1 &&
			echo >> "$scratch/done.$n"
	done
}

stream 1 2 5001
stream 2 3 5002
stream 3 1 5003
writer 1 &
writers=$!
writer 2 &
writers="$writers $!"
services="$services $writers"

end=$((EPOCHSECONDS + ${CHAOS_SECONDS:-10}))
kills=0
down=
while [ $EPOCHSECONDS -lt $end ]; do
	i=$((RANDOM % 3 + 1))
	# two of three must be there
	[ -z "$down" ] || ! zk_mode "$down" > "$scratch/mode" || down=
	if [ -z "$down" ] && [ $((RANDOM % 3)) -eq 0 ]; then
		echo "# server $i is killed"
		zk_kill $i
		sleep 0.5
		zk_start $i
		down=$i
	else
		echo "# the daemon of h$i is killed"
		daemon_kill $i
		sleep 0.$((RANDOM % 10))
		daemon_start $i
	fi
	kills=$((kills + 1))
	sleep 0.$((RANDOM % 10))
done
# Where processors are few, a change may take longer than all that.
for n in 1 2; do
	wait_for 90 test -s "$scratch/done.$n"
done
: > "$scratch/stop"
# shellcheck disable=SC2086 # a list
wait $writers
for n in 1 2; do
	changes=$(cat "$scratch/done.$n" 2> "$scratch/none" | wc -l)
	check "writer $n came to do something ($changes changes beside $kills kills)" test "$changes" -gt 0
done
check "all hosts have the last revision" midoctl -s "$store" wait --timeout 60
check "each kernel has what the store has" same_everywhere
streams_end
for i in 1 2 3; do
	j=$((i % 3 + 1))
	check "no datagram from vm$i to vm$j is lost ($(tail -n 1 "$scratch/stream.$i.$j"))" whole $i $j
	check_eq "the kernel of h$i is well" "$(json_on h$i '.subsystems[] | select(.name == "store").level' status)" ok
done
[ $failed -eq 0 ] || tail -n 30 "$scratch"/daemon.h? | sed 's/^/# /'
