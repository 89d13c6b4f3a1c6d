#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Tunnels come and go with what they need: addresses, ports, devices, zones, and who
# this host is.
#
#	vm1 - h1 -.
#	vm2 - h2 -+- underlay
. "$(dirname "$0")/lib.sh"
. "$tools/lib_overlay.sh"
need jq ping python3

under 2
guest h1 vm1 10.0.0.1/24
guest h2 vm2 10.0.0.2/24
h1=$(ns h1)
setup ip -n "$h1" -batch - <<-E
	addr del 192.0.2.1/24 dev eth0
	link add spare type dummy
E
{
	bridged 2
	zone tz 4 2
} | everywhere h1 h2

# is HYPERVISOR ZONE STATE: an extended regular expression
is() {
	state=$(zone_state "$1" "$2")
	[[ $state =~ ^$3 ]] && return
	echo "$state"
	return 1
}
# becomes HYPERVISOR ZONE STATE: within the time of a retry
becomes() {
	wait_for 4 is "$@" || is "$@"
}

check "without its address a zone is in error" is h1 tz "error address 192.0.2.1 is not on this host"
check_fails "as the status says" on h1 status
check "elsewhere it is open" is h2 tz "up $"
check "the trace says why nothing goes there" grep -q "tunnel-zone is not open here" \
	<(on h1 trace net0:vm1 hw-dst ff:ff:ff:ff:ff:ff hw-src "$(mac_of vm1)" ethertype arp)
check "nothing does" cannot_ping vm1 10.0.0.2
setup ip -n "$h1" addr add 192.0.2.1/24 dev eth0
check "the address appears, the zone is opened" becomes h1 tz "up $"
check "and everything passes at once" can_ping vm1 10.0.0.2
setup ip -n "$h1" addr del 192.0.2.1/24 dev eth0
check "it goes" becomes h1 tz error
setup ip -n "$h1" addr add 192.0.2.1/24 dev eth0
check "and comes" becomes h1 tz "up $"
check "with all its peers" can_ping vm2 10.0.0.1

# somebody else has the port
cat > "$scratch/taker" <<-E
	import socket, sys
	s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
	s.bind(("192.0.2.1", 7777))
	print(flush=True)
	sys.stdin.read()
E
mkfifo "$scratch/hold"
ip netns exec "$h1" python3 "$scratch/taker" < "$scratch/hold" > "$scratch/taken" &
exec {hold}> "$scratch/hold"
wait_for 10 test -s "$scratch/taken"
setup on h2 tunnel-zone set tz udp-port 7777
setup on h1 tunnel-zone set tz udp-port 7777
check "a port that is taken" is h1 tz "error UDP port 7777 of 192.0.2.1 is in use"
exec {hold}>&-
wait
check "is free again, and used" becomes h1 tz "up $"
check "as before" can_ping vm1 10.0.0.2

# a NIC that carries tunnels is not for VMs
setup on h1 --force port add net0:nic host h1 dev eth0
check_eq "the NIC below the tunnels is not bound" \
	"$(json_on h1 '.[] | select(.name == "net0:nic") | .state + " " + ."state-reason"' port list)" \
	"error device eth0 carries the tunnels of tunnel-zone tz; bind another device"
check "so they go on" can_ping vm1 10.0.0.2
setup on h1 port del net0:nic
setup ip -n "$h1" -batch - <<-E
	link set spare up
	addr add 198.51.100.1/24 dev spare
E
setup on h1 port add net0:spare host h1 dev spare
setup on h1 batch - <<-E
	tunnel-zone add late
	tunnel-zone member add late h1 address 198.51.100.1
E
check "a NIC of VMs carries no tunnels" becomes h1 late "error address 198.51.100.1 is on device spare"
setup on h1 port del net0:spare
check "until it is given back" becomes h1 late "up $"
setup on h1 tunnel-zone del late

# who we are
setup on h1 host set-local none
check "a host that is nobody is in no zone" is h1 tz "unplugged nobody said which host this is"
check "and reaches nobody" cannot_ping vm1 10.0.0.2
setup on h1 host set-local h1
check "and back" is h1 tz "up $"
check "as before" can_ping vm1 10.0.0.2

# h2 moves, while somebody talks
setup ip -n "$(ns h2)" addr add 192.0.2.22/24 dev eth0
for h in h1 h2; do
	setup on $h tunnel-zone member set tz h2 address 192.0.2.22
done
check "a host moves" can_ping vm1 10.0.0.2
check_eq "there" "$(json_on h2 '.subsystems[] | select(.name == "tunnel-zone tz") | .text' status)" \
	"vxlan at 192.0.2.22 port 7777, 1 peers"

# the first of several zones by name; both by the same address and port
for h in h1 h2; do
	zone aa 4 2 udp-port 7777 | setup on $h batch -
done
setup on h1 mac add net0 "$(mac_of vm2)" port vm2
way() {
	on h1 trace net0:vm1 hw-src "$(mac_of vm1)" hw-dst "$(mac_of vm2)" src 10.0.0.1 dst 10.0.0.2 |
		grep -q "by tunnel-zone $1 to $2"
}
check "the first by name counts" way aa 192.0.2.2
check "and works" can_ping vm1 10.0.0.2
for h in h1 h2; do
	setup on $h tunnel-zone del aa
done
check "then the other one again" way tz 192.0.2.22
check "and works" can_ping vm1 10.0.0.2

# GRE has one device
for h in h1 h2; do
	setup on $h tunnel-zone set tz udp-port none encap gre
done
check "by GRE" can_ping vm1 10.0.0.2
setup ip -n "$h1" link del mn-gre0
check "its device is deleted, and there is another" becomes h1 tz "up $"
check "that works" wait_for 3 can_ping vm1 10.0.0.2 1
setup on h1 tunnel-zone set tz encap vxlan
check_fails "without GRE there is none" ip -n "$h1" link show type gretap dev mn-gre1
setup ip -n "$h1" link add other type gretap external
setup on h1 tunnel-zone set tz encap gre
check "one of somebody else stands in the way" is h1 tz "error another gretap device in external mode"
setup ip -n "$h1" link del other
check "until it goes" becomes h1 tz "up $"
check "as before" can_ping vm1 10.0.0.2
