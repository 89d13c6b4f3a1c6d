# SPDX-License-Identifier: GPL-2.0
# More verbs, for a cluster: ZooKeeper on three servers, hypervisors h1..hN with a
# daemon each. Source it behind lib_zk.sh and lib_overlay.sh.

# cluster N: servers, hypervisors, a VM vmI on each hI; $store
cluster() {
	local i
	hypervisors=$(seq "$1")
	zk_servers 3
	for i in 1 2 3; do
		zk_start $i
	done
	store=zk:$servers
	# packets of VMs fit into the tunnels
	under "$1" 1600
	for i in $hypervisors; do
		guest "h$i" "vm$i" "10.0.0.$i/24"
	done
	for i in 1 2 3; do
		setup wait_for 90 zk_mode $i
	done
}

# daemon_start I, daemon_kill I: the daemon of hI
daemon_start() {
	midonetd --foreground --config /dev/null --store "$store" --host "h$1" -n "$(ns "h$1")" \
		>> "$scratch/daemon.h$1" 2>&1 &
	eval "daemon$1=$!"
	services="$services $!"
}
daemon_kill() {
	eval "kill -KILL \$daemon$1; wait \$daemon$1 2> /dev/null"
}

# zk_leader: which server leads
zk_leader() {
	local i
	for i in 1 2 3; do
		[ "$(zk_mode $i)" = leader ] && echo $i && return
	done
	return 1
}

# stream FROM TO PORT: datagrams from VM to VM, until streams_end
senders=
receivers=
stream() {
	ip netns exec "$(ns "vm$2")" "$tools/stream.py" recv "$3" > "$scratch/stream.$1.$2" 2>&1 &
	receivers="$receivers $!"
	setup wait_for 20 grep -q ready "$scratch/stream.$1.$2"
	ip netns exec "$(ns "vm$1")" "$tools/stream.py" send "10.0.0.$2" "$3" "${RATE-50}" &
	senders="$senders $!"
	services="$services $senders $receivers"
}

# streams_end: wait until all have come to their end; what came of them is in
# $scratch/stream.FROM.TO
streams_end() {
	local pid
	# shellcheck disable=SC2086 # a list
	kill $senders
	for pid in $senders; do
		wait "$pid"
	done
	sleep 1
	# who heard no end says nothing, which is seen
	# shellcheck disable=SC2086
	kill $receivers 2> /dev/null
	senders= receivers=
}

# whole FROM TO: no datagram of a stream was lost
whole() {
	local sent got said
	said=$(tail -n 1 "$scratch/stream.$1.$2")
	[[ $said =~ ^([0-9]+)" sent, "([0-9]+)" received" ]] || return 1
	sent=${BASH_REMATCH[1]} got=${BASH_REMATCH[2]}
	echo "$said"
	[ "$sent" -gt 0 ] && [ "$sent" -eq "$got" ]
}

# same_everywhere: all kernels have what the store has
same_everywhere() {
	local i
	midoctl -s "$store" export --ids > "$scratch/store.json" || return
	for i in $hypervisors; do
		on "h$i" export --ids > "$scratch/h$i.json" || return
		cmp "$scratch/store.json" "$scratch/h$i.json" || return
	done
}
