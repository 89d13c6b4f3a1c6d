#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# TCP through tunnels, with and without the offloads of every device on the way: what
# is large stays large, what is small is put together, every checksum is right.
#
#	vm1 - h1 -- underlay -- h2 - vm2
. "$(dirname "$0")/lib.sh"
. "$tools/lib_overlay.sh"
need jq iperf3 ethtool

under 2
for i in 1 2; do
	guest h$i vm$i 10.0.0.$i/24 fd00::$i/64
done
{
	bridged 2
	zone tz 4 2
	echo "mac add net0 $(mac_of vm1) port vm1"
	echo "mac add net0 $(mac_of vm2) port vm2"
} | everywhere h1 h2

# errors VM: packets whose checksum was wrong, or that nobody could make sense of; not
# those a socket had no room for
errors() {
	in_vm "$1" nstat -az TcpInCsumErrors UdpInErrors Udp6InErrors UdpRcvbufErrors Udp6RcvbufErrors |
		awk '/In/ { n += $2 } /Rcvbuf/ { n -= $2 } END { print n }'
}
rx() { in_vm vm2 cat /sys/class/net/eth0/statistics/rx_{packets,bytes} | xargs; }
mean() {
	local b=($1) a=($2)
	echo $(((a[1] - b[1]) / (a[0] - b[0] + 1)))
}
# run DESCRIPTION LARGE [DST...]: TCP both ways
run() {
	local what=$1 large=$2 dst before
	shift 2
	for dst in "${@:-10.0.0.2}"; do
		in_vm vm2 iperf3 -s -1 -D > /dev/null
		wait_for 5 sh -c "ip netns exec vm2-$$ ss -ltn | grep -q :5201"
		before=$(rx)
		check "$what, to $dst" in_vm vm1 iperf3 -c "$dst" -n 3M --bidir
		[ -z "$large" ] || check "segments arrive whole ($(mean "$before" "$(rx)"))" \
			test "$(mean "$before" "$(rx)")" -gt 2000
	done
}
# offload WHERE DEVICE WORD VALUE...
offload() {
	local where=$1
	shift
	ip netns exec "$(ns "$where")" ethtool -K "$@" > /dev/null 2>&1
}
becomes() {
	local family=$1 i
	shift
	{
		echo "tunnel-zone del tz"
		zone tz "$family" 2 "$@"
	} > "$scratch/change"
	for i in 1 2; do
		setup on h$i batch "$scratch/change"
	done
}

run "VXLAN, offloads everywhere" large 10.0.0.2 fd00::2
becomes 6 encap vxlan
run "VXLAN over IPv6" large
becomes 6 encap geneve
run "Geneve over IPv6" large
becomes 4 encap gre
run "GRE" large

# the underlay cuts and sums, and puts together again
for i in 1 2; do
	offload h$i eth0 tx off tso off gso off gro on
	ethtool -K u$i tx off tso off gso off gro on > /dev/null 2>&1
done
run "GRE, the stack cuts" ""
becomes 4 encap geneve
run "Geneve, small ones are put together on the way" large
becomes 6 encap vxlan
run "VXLAN over IPv6, too" large fd00::2

# and so do the VMs
for i in 1 2; do
	offload vm$i eth0 tx off tso off gso off gro off
	offload h$i vm$i tx off tso off gso off gro off
done
run "nobody offloads anything" ""
for i in 1 2; do
	offload h$i eth0 tx on tso on gso on
	offload vm$i eth0 tx on tso on gso on
	ethtool -K u$i tx on tso on gso on > /dev/null 2>&1
done
becomes 6 encap vxlan
run "only what goes to VMs is cut" ""
in_vm vm2 iperf3 -s -1 -D > /dev/null
wait_for 5 sh -c "ip netns exec vm2-$$ ss -ltn | grep -q :5201"
check "UDP" in_vm vm1 iperf3 -c fd00::2 -u -b 5M -l 1200 -t 1

# a VM that has a tunnel of its own, whose segments are together, too
for i in 1 2; do
	offload vm$i eth0 gro on
	offload h$i vm$i tx on tso on gso on
	setup ip -n "$(ns vm$i)" -batch - <<-E
		link add vx mtu 1350 type vxlan id 9 local 10.0.0.$i remote 10.0.0.$((3 - i)) dstport 4789
		link set vx up
		addr add 172.16.0.$i/24 dev vx
	E
done
becomes 4 encap geneve
run "a tunnel in a tunnel" "" 172.16.0.2
check_eq "no checksum was wrong at vm1, h1, h2, vm2" \
	"$(errors vm1) $(errors h1) $(errors h2) $(errors vm2)" "0 0 0 0"
check_eq "the tunnel's counters are those of segments" \
	"$(json_on h2 '[.[] | select(.type == "tunnel-zone-member") | ."rx-bytes" / ."rx-packets" <= 1514] | all' stats tunnel-zone-member)" true
