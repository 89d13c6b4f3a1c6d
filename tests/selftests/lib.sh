# SPDX-License-Identifier: GPL-2.0
# Verbs of the functional tests. Source it first:
#
#	. "$(dirname "$0")/lib.sh"
#
# The script then runs in a network namespace of its own, the hypervisor; VMs are
# further namespaces. Leaving the script removes them all. Results are TAP. Exit
# status: 0 all passed, 1 some failed, 4 skipped.

if [ -z "$MN_HYPERVISOR" ]; then
	MN_HYPERVISOR=1 exec unshare --net "$0" "$@"
fi

set -u
tests=0
failed=0
vms=""
scratch=$(mktemp -d /tmp/mn.XXXXXX)
here=$(cd "$(dirname "$0")" && pwd)
top=$here
while [ ! -e "$top/Kbuild" ] && [ "$top" != / ]; do
	top=$(dirname "$top")
done
tools=$top/tests/selftests
bin=$top/build/tests

ip link set lo up
trap finish EXIT

# Results

ok() {
	tests=$((tests + 1))
	echo "ok $tests - $*"
}

not_ok() {
	tests=$((tests + 1))
	failed=$((failed + 1))
	echo "not ok $tests - $*"
}

# check DESCRIPTION COMMAND...: passes if COMMAND succeeds
check() {
	local desc=$1
	shift
	if "$@" > "$scratch/out" 2>&1; then
		ok "$desc"
	else
		not_ok "$desc"
		sed 's/^/# /' "$scratch/out" | head -20
	fi
}

# check_fails DESCRIPTION COMMAND...: passes if COMMAND fails
check_fails() {
	local desc=$1
	shift
	if "$@" > "$scratch/out" 2>&1; then
		not_ok "$desc"
		sed 's/^/# /' "$scratch/out" | head -20
	else
		ok "$desc"
	fi
}

# check_eq DESCRIPTION GOT WANTED
check_eq() {
	if [ "$2" = "$3" ]; then
		ok "$1"
	else
		not_ok "$1"
		echo "# got: $2"
		echo "# not: $3"
	fi
}

# refused DESCRIPTION PATTERN COMMAND...: COMMAND exits with 1 and says PATTERN, an
# extended regular expression
refused() {
	local desc=$1 pattern=$2 status said=
	shift 2
	"$@" > "$scratch/out" 2>&1
	status=$?
	read -rd '' said < "$scratch/out"
	if [ $status -eq 1 ] && [[ $said =~ $pattern ]]; then
		ok "$desc"
	else
		not_ok "$desc"
		echo "# status $status, said:"
		sed 's/^/# /' "$scratch/out" | head -5
	fi
}

skip_all() {
	echo "1..0 # SKIP $*"
	trap - EXIT
	cleanup
	exit 4
}

need() {
	local tool
	for tool; do
		command -v "$tool" > /dev/null || skip_all "$tool is not installed"
	done
}

# setup COMMAND...: not a test, but the script cannot go on without it
setup() {
	if ! "$@" > "$scratch/out" 2>&1; then
		not_ok "setup: $*"
		sed 's/^/# /' "$scratch/out" | head -20
		exit 1
	fi
}

# Process ids of what a script has started beside its VMs.
services=

cleanup() {
	local vm
	# shellcheck disable=SC2086 # a list
	[ -z "$services" ] || kill $services 2> /dev/null
	for vm in $vms; do
		ip netns pids "$vm" 2> /dev/null | xargs -r kill 2> /dev/null
		ip netns del "$vm" 2> /dev/null
	done
	rm -rf "$scratch"
}

finish() {
	cleanup
	echo "1..$tests"
	[ $tests -gt 0 ] || exit 1
	[ $failed -eq 0 ] || exit 1
}

# Topology

# Namespaces are named after the script's process, so that scripts may run side
# by side.
ns() {
	echo "$1-$$"
}

# vm NAME [ADDRESS/LEN]...: a VM whose device in the hypervisor is NAME. Starting
# a process is what takes time in a kernel that checks all it does.
vm() {
	local name=$1 ns=$1-$$ addr
	shift
	setup ip netns add "$ns"
	vms="$vms $ns"
	setup ip -batch - <<-E
		link add $name type veth peer name eth0 netns $ns
		link set $name up
	E
	in_vm "$name" sysctl -qw net.ipv6.conf.all.accept_dad=0 \
		net.ipv6.conf.eth0.accept_dad=0 \
		net.ipv6.conf.eth0.router_solicitations=0
	{
		echo link set lo up
		echo link set eth0 up
		for addr; do
			case $addr in
			*:*) echo "addr add $addr dev eth0 nodad" ;;
			*) echo "addr add $addr dev eth0" ;;
			esac
		done
	} > "$scratch/batch"
	setup ip -n "$ns" -batch "$scratch/batch"
}

in_vm() {
	local name=$1
	shift
	ip netns exec "$(ns "$name")" "$@"
}

mac_of() {
	in_vm "$1" cat /sys/class/net/eth0/address
}

# Traffic

# First packets count: one try each, no retry hides a lost one.
can_ping() {
	in_vm "$1" ping -q -c "${3:-3}" -i 0.05 -W 2 "$2" > "$scratch/ping" || return 1
	grep -q ' 0% packet loss' "$scratch/ping"
}

cannot_ping() {
	! in_vm "$1" ping -q -c 2 -i 0.1 -W 1 "$2" > /dev/null
}

# frame VM HEX...: send raw frames from the VM
frame() {
	local name=$1
	shift
	in_vm "$name" "$bin/frame" send eth0 "$@"
}

# hears VM HEX COMMAND...: while COMMAND runs, or until HEAR (2) seconds later, the VM
# gets a frame that contains HEX (^HEX: begins with it)
hears() {
	local name=$1 hex=$2 fd pid
	shift 2
	[ -p "$scratch/hear" ] || setup mkfifo "$scratch/hear"
	ip netns exec "$(ns "$name")" "$bin/frame" hear eth0 "$hex" > "$scratch/hear" &
	pid=$!
	exec {fd}< "$scratch/hear"
	read -r -u "$fd"	# ready
	"$@" > /dev/null 2>&1
	# its end, or the time
	read -r -t "${HEAR:-2}" -u "$fd"
	exec {fd}<&-
	kill "$pid" 2> /dev/null
	wait "$pid"
}

# deaf VM HEX COMMAND...: it does not
deaf() {
	! HEAR=1 hears "$@"
}

# blast VM SECONDS: UDP from the VM to 10.0.0.2 at vm2, every datagram from another
# source port; prints how many were sent
blast() {
	in_vm "$1" "$bin/frame" blast eth0 "$(mac_of vm2)" "$2"
}

# gateway VM ADDRESS...: default routes of a VM
gateway() {
	local name=$1 addr
	shift
	for addr; do
		echo "route add default via $addr"
	done > "$scratch/batch"
	setup ip -n "$(ns "$name")" -batch "$scratch/batch"
}

# topology: midoctl commands of standard input, as one batch. N.H stands for 10.0.N.H
# and fd00:N::H (N.H/24 for a /64, N.H/32 for a /128): after "addresses" for both, in
# other words the command is given twice. After "target" it may be N.H-N.H:PORT-PORT.
topology() {
	awk '
	function target(w, v, p, q, n, i, out) {
		i = index(w, ":")
		n = split(i ? substr(w, 1, i - 1) : w, p, "-")
		for (q = 1; q <= n; q++) {
			if (p[q] !~ /^[0-9]+\.[0-9]+$/)
				return w
			out = out (q > 1 ? "-" : "") \
				(v == 4 ? as(p[q], 4) : "[" as(p[q], 6) "]")
		}
		return out (i ? substr(w, i) : "")
	}
	function as(w, v, p) {
		if (w !~ /^[0-9]+\.[0-9]+(\/(24|32))?$/)
			return w
		split(w, p, "[./]")
		if (v == 4)
			return "10.0." p[1] "." p[2] (p[3] ? "/" p[3] : "")
		return "fd00:" p[1] "::" p[2] (p[3] ? "/" (p[3] == 24 ? 64 : 128) : "")
	}
	{
		four = six = ""
		for (i = 1; i <= NF; i++) {
			f = s = ""
			if ($(i - 1) == "target") {
				four = four " " target($i, 4)
				six = six " " target($i, 6)
				continue
			}
			n = split($i, words, ",")
			for (j = 1; j <= n; j++) {
				f = f "," as(words[j], 4)
				s = s "," as(words[j], 6)
			}
			if ($(i - 1) == "addresses" && f != s)
				f = s = f s
			four = four " " substr(f, 2)
			six = six " " substr(s, 2)
		}
		print four
		if (six != four)
			print six
	}' > "$scratch/batch"
	setup midoctl batch "$scratch/batch"
}

# probe: the cases of standard input, by IPv4 and IPv6; see probe.py
probe() {
	local line last=
	while IFS= read -r line; do
		last=$line
		case $line in
		"ok "*) ok "${line#ok }" ;;
		"not ok "*) not_ok "${line#not ok }" ;;
		end) ;;
		*) echo "# $line" ;;
		esac
	done < <("$tools/probe.py" $$ 2>&1)
	[ "$last" = end ] || not_ok "the table of probes was carried out"
}

# lasting: connections stay, however slow the machine is that looks at them
lasting() {
	setup sysctl -qw net.midonet.timeout_udp=600 net.midonet.timeout_udp_answered=600 \
		net.midonet.timeout_icmp=600 net.midonet.timeout_tcp_syn=600 \
		net.midonet.timeout_tcp_fin=600 net.midonet.timeout_tcp_close=600
}

# strangers VM SENDERS FRAGMENTS: frames from the VM to vm2, of so many senders that
# nobody knows, and so many later fragments that wait for their first
strangers() {
	local mac i
	mac=$(mac_of vm2 | tr -d :)
	{
		for i in $(seq "$2"); do
			printf '%s0200%08x0800450000240001000040110000%s%s10000008001000000000000000000000\n' \
				"$mac" "$i" 0a000001 0a000002
		done
		for i in $(seq "$3"); do
			printf '%s02000000000008004500001c%04x000240110000%s%s4242424242424242\n' \
				"$mac" "$i" 0a000001 0a000002
		done
	} > "$scratch/frames"
	# shellcheck disable=SC2046 # a list
	frame "$1" $(cat "$scratch/frames")
}

# The daemon

# daemon STORE [OPTION]...: midonetd keeps the kernel in step with STORE as host h1;
# what it says goes to $scratch/daemon
daemon() {
	local store=$1
	shift
	midonetd --foreground --config /dev/null --store "$store" --host h1 "$@" \
		> "$scratch/daemon" 2>&1 &
	daemon=$!
}

# stop [SIGNAL]: end the daemon
stop() {
	kill "-${1:-TERM}" "$daemon"
	wait "$daemon" 2> /dev/null
}

# store_says PATTERN: what the kernel's status says of its store
store_says() {
	local said
	said=$(midoctl status)
	said=${said##*$'\nstore  '}
	said=${said%%$'\n'*}
	[[ $said =~ $1 ]]
}

# State

# json FILTER COMMAND...: a value out of COMMAND -j
json() {
	local filter=$1
	shift
	midoctl -j "$@" | jq -r "$filter"
}

# subsystem NAME: what status says of it
subsystem() {
	json ".subsystems[] | select(.name == \"$1\") | .level + \": \" + .text" status
}

port_state() {
	json ".[] | select(.name == \"$1\") | .state" port list
}

# dropped REASON: packets dropped for it
dropped() {
	json "[.[] | select(.reason == \"$1\") | .packets] | add // 0" drops
}

# counted REASON N...: at least N packets were dropped for each of these reasons
counted() {
	local all reason got
	all=$(midoctl -j drops | jq -r 'group_by(.reason)[] |
		"\(.[0].reason) \(map(.packets) | add)"')
	while [ $# -gt 0 ]; do
		reason=$1
		got=${all##*"$reason "}
		[ "$got" != "$all" ] || got=0
		got=${got%%$'\n'*}
		check "at least $2 counted as $reason ($got)" test "$got" -ge "$2"
		shift 2
	done
}

# wait_for SECONDS COMMAND...: until it succeeds
wait_for() {
	local end=$((EPOCHSECONDS + $1 + 1))
	shift
	until "$@" > /dev/null 2>&1; do
		[ $EPOCHSECONDS -lt $end ] || return 1
		sleep 0.1
	done
}
