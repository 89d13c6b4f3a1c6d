#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The state channel by an underlay that loses, delays and mixes up, and by one in
# which somebody forges; and with a host that is born again.
. "$(dirname "$0")/lib.sh"
. "$tools/lib_overlay.sh"
. "$tools/lib_chan.sh"
need jq ping python3 tc

world
edges true | everywhere h1 h2 h3
patient h1 h2 h3
check "the hosts have found each other" wait_for 10 all_told h1 h2 h3

port=20000
# lossy WORD...: with such an underlay, 200 connections
lossy() {
	local i
	for i in 1 2 3; do
		setup tc -n "$(ns h$i)" qdisc replace dev eth0 root netem "$@"
	done
	in_vm vm1 "$tools/chan_tcp.py" many 198.51.100.1 9 200 $port
	port=$((port + 200))
}

fine() {
	local i
	for i in 1 2 3; do
		setup tc -n "$(ns h$i)" qdisc del dev eth0 root
	done
}

same() {
	same_conns h1 h2 && same_conns h1 h3
}

for how in "loss 1%" "loss 10%" "delay 20ms 15ms" "loss 10% duplicate 5%"; do
	# shellcheck disable=SC2086 # words
	lossy $how
	check "$how: connections are everywhere" wait_for 15 same
	fine
	check "$how: all is told" wait_for 15 all_told h1 h2 h3
done
check "there are all ($(conns h3))" test "$(conns h3)" -ge 800
check "messages were sent again" test "$(session h1 h3 resent)" -gt 0

# dropped_more N: so many more than before were dropped by h3
dropped_more() {
	[ $(($(lost h3 tunnel-state) - before)) -ge "$1" ]
}

# say_again HOW
say_again() {
	was=$(conns h3)
	before=$(lost h3 tunnel-state)
	n=$("$tools/chan_raw.py" u3 send "$1" "$scratch/heard")
	check "$1: $n messages are dropped and counted" wait_for 3 dropped_more "$n"
	check_eq "$1: nothing has changed" "$(conns h3)" "$was"
}

# somebody hears what h1 and h2 tell h3
mkfifo "$scratch/hear"
"$tools/chan_raw.py" u3 3 "$scratch/heard" > "$scratch/hear" &
hearer=$!
exec 9< "$scratch/hear"
read -r -u 9
in_vm vm1 "$tools/chan_tcp.py" many 198.51.100.1 9 40 $port
wait $hearer
exec 9<&-
check "something was heard" test "$(wc -l < "$scratch/heard")" -ge 3
check "all is told" wait_for 5 all_told h1 h2 h3
for how in again flip later cut version; do
	say_again $how
done
check "the session goes on" can_ping vm1 198.51.100.1

# h3 is born again: what was said to the one before is not for the new one
mac=$(mac_of h3)
in_vm h3 ip link del w3
setup ip netns del "$(ns h3)"
gone() {
	! ip link show u3
}
wait_for 10 gone
setup ip netns add "$(ns h3)"
setup ip -batch - <<-E
	link add u3 type veth peer name eth0 netns $(ns h3)
	link set u3 up
	link set u3 master under
E
setup ip -n "$(ns h3)" -batch - <<-E
	link set lo up
	link set eth0 address $mac
	link set eth0 up
	addr add 192.0.2.3/24 dev eth0
E
behind_h3
edges true > "$scratch/all"
setup on h3 batch "$scratch/all"
setup on h3 host set-local h3
patient h3
told_again() {
	all_told h1 h2 h3 && same_conns h1 h3
}
check "h3 is told everything when it is back" wait_for 15 told_again
check "$(conns h3) connections" test "$(conns h3)" -ge 800
say_again again
check "and all goes on" can_ping vm1 198.51.100.1
