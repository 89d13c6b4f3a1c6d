# SPDX-License-Identifier: GPL-2.0
# More verbs, for several hypervisors: each is a network namespace, they meet at a
# bridge in that of the script. Source it behind lib.sh.
#
#	vm1 -- h1 --.
#	vm2 -- h2 --+-- under
#	vm3 -- h3 --'

# under N [MTU]: hypervisors h1..hN, at 192.0.2.N and 2001:db8::N by their eth0
under() {
	local i ns
	setup sysctl -qw net.ipv6.conf.default.accept_dad=0 \
		net.ipv6.conf.default.disable_ipv6=1
	for i in $(seq "$1"); do
		ns=h$i-$$
		setup ip netns add "$ns"
		vms="$vms $ns"
		echo "link add u$i mtu ${2-1500} type veth peer name eth0 mtu ${2-1500} netns $ns"
		echo "link set u$i up"
	done > "$scratch/under"
	{
		echo "link add under mtu ${2-1500} type bridge"
		cat "$scratch/under"
		for i in $(seq "$1"); do
			echo "link set u$i master under"
		done
		echo "link set under up"
	} > "$scratch/batch"
	setup ip -batch "$scratch/batch"
	for i in $(seq "$1"); do
		setup ip -n "h$i-$$" -batch - <<-E
			link set lo up
			link set eth0 up
			addr add 192.0.2.$i/24 dev eth0
			addr add 2001:db8::$i/64 dev eth0 nodad
		E
	done
}

# guest HYPERVISOR NAME [ADDRESS/LEN]...: a VM whose device there is NAME
guest() {
	local host=$1 name=$2 ns=$2-$$ addr
	shift 2
	setup ip netns add "$ns"
	vms="$vms $ns"
	setup ip -n "$(ns "$host")" -batch - <<-E
		link add $name mtu ${GUEST_MTU-1500} type veth peer name eth0 mtu ${GUEST_MTU-1500} netns $ns
		link set $name up
	E
	in_vm "$name" sysctl -qw net.ipv6.conf.eth0.accept_dad=0 \
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

# on HYPERVISOR MIDOCTL-WORD...
on() {
	local host=$1
	shift
	midoctl -n "$(ns "$host")" "$@"
}

# everywhere HYPERVISOR... < COMMANDS: the same batch on each of them, which is told
# who it is
everywhere() {
	local host
	cat > "$scratch/all"
	for host; do
		setup on "$host" batch "$scratch/all"
		setup on "$host" host set-local "$host"
	done
}

# zone NAME FAMILY N [WORD VALUE]...: commands for a zone of h1..hN
zone() {
	local name=$1 family=$2 n=$3 i
	shift 3
	echo "tunnel-zone add $name $*"
	for i in $(seq "$n"); do
		if [ "$family" = 6 ]; then
			echo "tunnel-zone member add $name h$i address 2001:db8::$i"
		else
			echo "tunnel-zone member add $name h$i address 192.0.2.$i"
		fi
	done
}

# bridged N: commands for hosts h1..hN and a bridge with a VM vmI on each hI
bridged() {
	local i
	echo "bridge add net0"
	for i in $(seq "$1"); do
		echo "host add h$i"
		echo "port add net0:vm$i host h$i dev vm$i tunnel-key $((100 + i))"
	done
}

# json_on HYPERVISOR FILTER COMMAND...
json_on() {
	local host=$1 filter=$2
	shift 2
	on "$host" -j "$@" | jq -r "$filter"
}

zone_state() {
	json_on "$1" '.state + " " + (."state-reason" // "")' tunnel-zone show "$2"
}

# lost HYPERVISOR REASON: packets dropped for it there
lost() {
	json_on "$1" "[.[] | select(.reason == \"$2\") | .packets] | add // 0" drops
}
