#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# One host of those that can checks a pool, all hosts get to know what it finds out;
# another takes over when it is gone.
#
#	h1: vm1 (a server) -- net0 -- r -- hc1 (mnhc0, the daemon's of h1)
#	h2: vm2            --'        '--- hc2 (mnhc0, the daemon's of h2)
. "$(dirname "$0")/lib_zk.sh"
. "$tools/lib_overlay.sh"
. "$tools/lib_cluster.sh"
need python3

hypervisors="1 2"
zk_servers 1
store=zk:$servers
zk_start 1
under 2
for i in 1 2; do
	guest h$i vm$i 10.0.0.$i/24
	gateway vm$i 10.0.0.254
done
setup wait_for 60 zk_mode 1
{
	bridged 2
	zone tz 4 2
	cat <<-END
		port add net0:r
		router add r
		port add r:n mac 02:00:00:00:00:fe addresses 10.0.0.254/24 peer net0:r
		port add r:hc1 host h1 dev mnhc0 addresses 10.255.0.1/30
		port add r:hc2 host h2 dev mnhc0 addresses 10.255.0.5/30
		neighbour add r:n 10.0.0.1 mac $(mac_of vm1)
		port set net0:vm1 mac $(mac_of vm1)
		neighbour add r:hc1 10.255.0.2 mac 02:6d:0a:ff:00:02
		neighbour add r:hc2 10.255.0.6 mac 02:6d:0a:ff:00:06
		load-balancer add lb router r
		load-balancer pool add lb p health-check http interval 1 timeout 1 rise 1 fall 2
		load-balancer member add lb p 10.0.0.1:80
		load-balancer member add lb p 10.0.0.1:81
	END
} > "$scratch/topology"
setup midoctl -s "$store" batch "$scratch/topology"

# healths I WANTED: as the kernel of hI says
healths() {
	[ "$(json_on "h$1" '[.[].health] | join(" ")' load-balancer member list)" = "$2" ]
}
# says I PATTERN: hI of the checks
says() {
	[[ $(json_on "h$1" '.subsystems[] | select(.name == "health") | .level + ": " + .text' status) =~ $2 ]]
}
serve() {
	ip netns exec "$(ns vm1)" python3 -m http.server 80 > "$scratch/served" 2>&1 &
	server=$!
	services="$services $server"
}

serve
daemon_start 1
check "the first host checks" wait_for 30 says 1 "ok: 1 of 1 pools checked here, 1 of 2 members down"
check "and knows" healths 1 "up down"
daemon_start 2
check "the second is told" wait_for 30 healths 2 "up down"
check "and does not check" says 2 "ok: 0 of 1 pools checked here"
kill -KILL "$server"
check "who fails is down here" wait_for 20 healths 1 "down down"
check "and there" wait_for 20 healths 2 "down down"

daemon_kill 1
check "when the first host's daemon is gone the second checks" \
	wait_for 30 says 2 "1 of 1 pools checked here"
check_eq "the kernel of the first keeps what it was told" "$(healths 1 "down down"; echo $?)" 0
serve
check "through the tunnel it finds who serves" wait_for 20 healths 2 "up down"
daemon_start 1
check "the first is told when it is back" wait_for 30 healths 1 "up down"
check "but checks no more" says 1 "ok: 0 of 1 pools checked here"

zk_kill 1
kill -KILL "$server"
check "without ZooKeeper who checks goes on for itself" wait_for 20 healths 2 "down down"
zk_start 1
setup wait_for 60 zk_mode 1
check "when it is back the other one is told" wait_for 40 healths 1 "down down"
daemon_kill 1
daemon_kill 2
[ $failed -eq 0 ] || sed 's/^/# /' "$scratch"/daemon.h?
