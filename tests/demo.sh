#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The demonstration, run inside a test kernel by `make demo`. It is a story: each
# step says what it is about to show, shows the command, then the result. A step
# that does not show what it should ends it with an error.
#
#	web --.                    .-- db
#	       red === (link) === blue
#	app --'

set -u
bold=$(tput bold 2> /dev/null || true)
plain=$(tput sgr0 2> /dev/null || true)

say() {
	printf '\n%s\n' "$*"
}

run() {
	printf '%s    # %s%s\n' "$bold" "${*/#in_vm/ip netns exec}" "$plain"
	"$@" 2>&1 | sed 's/^/    /'
	return "${PIPESTATUS[0]}"
}

must() {
	run "$@" && return
	printf '\nThe demonstration failed at: %s\n' "$*" >&2
	exit 1
}

must_fail() {
	run "$@" || return 0
	printf '\nThe demonstration failed, this should not have worked: %s\n' "$*" >&2
	exit 1
}

vm() {
	ip netns add "$1"
	ip link add "tap-$1" type veth peer name eth0 netns "$1"
	ip link set "tap-$1" up
	ip -n "$1" link set lo up
	ip -n "$1" link set eth0 address "$3" up
	ip -n "$1" addr add "$2/24" dev eth0
}

in_vm() {
	ip netns exec "$@"
}

say "== 1. A hypervisor with three VMs =="
say "Three network namespaces stand for three VMs. Each has an eth0; its other end is
a tap-NAME device of the hypervisor, which nothing connects so far."
vm web 10.0.0.1 02:00:00:00:00:01
vm app 10.0.0.2 02:00:00:00:00:02
vm db 10.0.0.3 02:00:00:00:00:03
run ip -br link show type veth
must midoctl status

say "== 2. A virtual network =="
say "Two virtual bridges, red and blue, linked to each other. They live in the kernel of
this hypervisor; the whole change is one transaction."
cat > /tmp/network <<-E
	bridge add red
	bridge add blue
	port add red:web dev tap-web mac 02:00:00:00:00:01
	port add red:app dev tap-app
	port add blue:db dev tap-db
	port add red:blue
	port add blue:red peer red:blue
E
run cat /tmp/network
must midoctl batch /tmp/network
must midoctl show

say "== 3. Traffic =="
say "web reaches app on the same bridge, and db behind the link. The first packet counts:
there is no upcall, it is forwarded by the kernel that received it."
must in_vm web ping -c 3 -i 0.2 10.0.0.2
must in_vm web ping -c 3 -i 0.2 10.0.0.3
say "A TCP transfer from web to db; segments stay whole on the way."
in_vm db iperf3 -s -1 -D > /dev/null
sleep 0.5
must in_vm web iperf3 -c 10.0.0.3 -t 2 -f g

say "== 4. What the kernel knows now =="
must midoctl mac list
say "The flow table: what was walked once through the virtual topology is remembered, with as
few header fields as the walk depended on."
must midoctl flow list

say "== 5. A firewall =="
say "db shall be reachable by app, not by web. One chain, on the way out to db:"
cat > /tmp/firewall <<-E
	ip-set add apps members 10.0.0.2
	chain add db-out
	rule add db-out ethertype arp accept
	rule add db-out src-set apps accept
	rule add db-out drop
	port set blue:db out-chain db-out
E
run cat /tmp/firewall
must midoctl batch /tmp/firewall
must in_vm app ping -c 2 -i 0.2 10.0.0.3
say "It holds at once, also for the flow that was cached a moment ago:"
must_fail in_vm web ping -c 2 -i 0.2 -W 1 10.0.0.3

say "== 6. Why? =="
say "Every drop has a reason and a place."
must midoctl drops
say "And any packet can be traced, by the very code that forwards, without sending it:"
must midoctl trace red:web src 10.0.0.1 dst 10.0.0.3 hw-dst 02:00:00:00:00:03 proto tcp dst-port 5432
must midoctl stats rule

say "== 7. The document =="
say "All of it is one document that can be kept, compared and applied again."
must midoctl export
say "That was the demonstration. To go on by hand, in this kernel:

    make shell

then for instance: midoctl show; midoctl --help; man Documentation/man/midoctl.8"
