# SPDX-License-Identifier: GPL-2.0
# Verbs of the tests of the state channel. Source it behind lib_overlay.sh.
#
#	vm1 - h1 -.           .- h2 - eth0 -.
#	          +- underlay +             +- w2
#	          '           '- h3 - eth1 -'
#
# What vm1 says leaves by h2, what w2 says comes back by h3.

# behind_h3: the other NIC of w
behind_h3() {
	setup ip -n "$(ns h3)" -batch - <<-E
		link add w3 type veth peer name eth1 netns $(ns w2)
		link set w3 up
	E
	in_vm w2 sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.eth1.rp_filter=0 \
		net.ipv4.conf.eth0.rp_filter=0
	setup ip -n "$(ns w2)" -batch - <<-E
		link set eth1 up
		addr add 203.0.113.1/24 dev eth1
		route add 100.64.0.9/32 via 203.0.113.2 dev eth1 src 198.51.100.1
	E
}

# edges STATEFUL: commands for all hosts
edges() {
	cat <<-E
		host add h1
		host add h2
		host add h3
		$(zone tz 4 3 key 000102030405060708090a0b0c0d0e0f)
		port-group add edges stateful $1
		bridge add net0
		port add net0:vm1 host h1 dev vm1 tunnel-key 101
		port add net0:r
		router add r0
		port add r0:net0 mac 02:00:00:00:01:01 addresses 10.0.0.1/24 peer net0:r
		port add r0:up2 mac 02:00:00:00:02:01 addresses 198.51.100.2/24 host h2 dev w2 tunnel-key 102 port-groups edges
		port add r0:up3 mac 02:00:00:00:03:01 addresses 203.0.113.2/24 host h3 dev w3 tunnel-key 103 port-groups edges
		chain add out
		rule add out out-port r0:up2 src 10.0.0.0/24 snat target 100.64.0.9:1024-65535
		rule add out out-port r0:up3 src 10.0.0.0/24 snat target 100.64.0.9:1024-65535
		router set r0 out-chain out
		neighbour add r0:net0 10.0.0.2 mac $(mac_of vm1)
		neighbour add r0:up2 198.51.100.1 mac $(mac_of w2)
	E
}

# world: hosts and VMs, not yet configured
world() {
	under 3
	guest h1 vm1 10.0.0.2/24
	guest h2 w2 198.51.100.1/24
	behind_h3
	gateway vm1 10.0.0.1
}

# told HYPERVISOR OTHER: the session is set up
told() {
	json_on "$1" ".subsystems[] | select(.name == \"host $2\") | .text" status |
		grep -q "^alive; lag 0 ms, backlog 0"
}

# all_told HYPERVISOR...: all sessions among them, and nothing on its way
all_told() {
	local a b
	for a; do
		for b; do
			[ "$a" = "$b" ] || told "$a" "$b" || return 1
		done
	done
}

# patient HYPERVISOR...: connections stay, however slow the machine is
patient() {
	local h
	for h; do
		in_vm "$h" sysctl -qw net.midonet.timeout_udp=600 net.midonet.timeout_udp_answered=600
	done
}

# conns HYPERVISOR: connections by UDP
conns() {
	on "$1" conn count proto udp
}

# same_conns HYPERVISOR HYPERVISOR
same_conns() {
	[ "$(conns "$1")" = "$(conns "$2")" ]
}

# session HYPERVISOR OTHER WORD: a number of the session, "12 resent"
session() {
	json_on "$1" ".subsystems[] | select(.name == \"host $2\") | .text" status |
		grep -o "[0-9]* $3" | cut -d' ' -f1
}

# background COMMAND...
background() {
	"$@" > /dev/null 2>&1 &
	services="$services $!"
}

# serving VM PORT: what comes by TCP is sent back
serving() {
	in_vm "$1" "$tools/chan_tcp.py" serve "$2" > "$scratch/serving" 2>&1 &
	services="$services $!"
	wait_for 20 grep -q ready "$scratch/serving"
}
