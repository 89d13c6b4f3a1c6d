#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The demonstration of a cluster, run inside a test kernel by `make demo-cluster`:
# what is lost when the leader of the ensemble and a daemon are killed in the middle
# of a transfer.
#
#	ZooKeeper 1, 2, 3 --+-- midonetd -- h1: vm1 -.
#	                    +-- midonetd -- h2: vm2 -+- underlay
#	                    '-- midonetd -- h3: vm3 -'
. "$(dirname "$0")/selftests/zookeeper/lib_zk.sh"
. "$tools/lib_overlay.sh"
. "$tools/lib_cluster.sh"

say() {
	printf '\n%s\n' "$*"
}

run() {
	printf '    # %s\n' "$*"
	"$@" 2>&1 | sed 's/^/    /'
	return "${PIPESTATUS[0]}"
}

# told FUNCTION ARGUMENT...: what the shell itself does
told() {
	printf '    # %s\n' "$*"
	"$@"
}

must() {
	run "$@" && return
	printf '\nThe demonstration failed at: %s\n' "$*" >&2
	exit 1
}

say "== 1. Three servers of ZooKeeper, three hypervisors with a VM each =="
cluster 3
first=$(zk_leader)
say "Server $first leads. The topology goes into ZooKeeper as one change:"
{
	bridged 3
	zone tz 4 3
} > "$scratch/topology"
run cat "$scratch/topology"
must midoctl -s "$store" batch "$scratch/topology"
say "A daemon on each hypervisor brings it into its kernel."
for i in 1 2 3; do
	daemon_start $i
done
must midoctl -s "$store" wait --timeout 60
must midoctl -s "$store" status

say "== 2. A transfer, and a stream of numbered datagrams =="
must in_vm vm1 ping -c 2 -i 0.2 10.0.0.2
must in_vm vm2 ping -c 1 10.0.0.3
must in_vm vm3 ping -c 1 10.0.0.1
head -c 64000000 /dev/urandom > "$scratch/sent"
in_vm vm3 timeout 120 nc -l -N 7000 < /dev/null > "$scratch/received" &
receiver=$!
services="$services $receiver"
RATE=200 stream 2 3 5001
sleep 1
# not as fast as it could be: it shall take a while
in_vm vm1 python3 - "$scratch/sent" <<-'END' &
	import socket, sys, time
	s = socket.create_connection(("10.0.0.3", 7000))
	with open(sys.argv[1], "rb") as f:
	    while data := f.read(640000):
	        s.sendall(data)
	        time.sleep(0.1)
	s.shutdown(socket.SHUT_WR)
	s.recv(1)
END
sender=$!
services="$services $sender"
say "vm1 sends 64 MB to vm3, vm2 sends vm3 200 datagrams a second. Meanwhile:"

say "== 3. The leader is killed =="
told zk_kill "$first"
must midoctl -s "$store" bridge add changed-without-the-leader
must midoctl -s "$store" wait --timeout 60
say "Server $(zk_leader) leads now. The change is in force everywhere."

say "== 4. The daemon of h1 is killed =="
told daemon_kill 1
run on h1 status
say "Changes go on. When it comes back it tells its kernel the difference and nothing else:"
must midoctl -s "$store" bridge add changed-without-h1
daemon_start 1
must midoctl -s "$store" wait --timeout 60
zk_start "$first"

say "== 5. What was lost =="
wait "$sender"
wait "$receiver"
must cmp "$scratch/sent" "$scratch/received"
streams_end
must whole 2 3
must same_everywhere
say "Nothing: the transfer is complete, each datagram arrived, all kernels have what the store has."
trap - EXIT
zk_end
cleanup
