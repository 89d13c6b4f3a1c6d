#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1 -- net0 -- vm2 (out-chain c)
#
# Later fragments take the outcome of their first; out of order ones wait for it.
. "$(dirname "$0")/lib.sh"
need jq ping

vm vm1 10.0.0.1/24 fd00::1/64
vm vm2 10.0.0.2/24 fd00::2/64
setup midoctl batch - <<-E
	bridge add net0
	chain add c
	rule add c proto udp dst-port 7 drop
	rule add c proto udp dst-port 8 accept
	port add net0:vm1 dev vm1
	port add net0:vm2 dev vm2 out-chain c
E
check "fragmented ping, IPv4" in_vm vm1 ping -q -c 2 -i 0.1 -W 2 -s 4000 10.0.0.2
check "fragmented ping, IPv6" in_vm vm1 ping -q -c 2 -i 0.1 -W 2 -s 4000 fd00::2

dst=$(mac_of vm2 | tr -d :)
src=$(mac_of vm1 | tr -d :)
# first PORT ID / later ID: two fragments of one UDP datagram
first() { echo "$dst$src 0800 45000024 $2 2000 40110000 0a000001 0a000002 1000 $1 0018 0000 4141414141414141"; }
later() { echo "$dst$src 0800 4500001c $1 0002 40110000 0a000001 0a000002 4242424242424242"; }
reasm() { in_vm vm2 nstat -az "$1" | awk -v n="$1" '$1 == n {print $2}'; }

ok_before=$(reasm IpReasmOKs)
frame vm1 "$(first 0008 0001)"
frame vm1 "$(later 0001)"
sleep 0.2
check_eq "first, then later: both arrive" $(($(reasm IpReasmOKs) - ok_before)) 1
frame vm1 "$(later 0002)" "$(first 0008 0002)"
sleep 0.2
check_eq "later, then first: the later one waited" $(($(reasm IpReasmOKs) - ok_before)) 2

reqs=$(reasm IpReasmReqds)
frame vm1 "$(first 0007 0003)"
frame vm1 "$(later 0003)"
sleep 0.2
check_eq "first dropped by a rule: none arrives" "$(reasm IpReasmReqds)" "$reqs"
check "the later one is counted as fragment" test "$(dropped fragment)" -ge 1
frame vm1 "$(later 0004)"
sleep 1.5
check_eq "without its first it is judged alone after a second" \
	$(($(reasm IpReasmReqds) - reqs)) 1

# others ID N: so many later fragments, none of them the last
others() {
	local i
	for i in $(seq "$2"); do
		printf '%s%s08004500001c%s%04x401100000a0000010a0000024242424242424242\n' \
			"$dst" "$src" "$1" $((0x2002 + i))
	done
}
reqs=$(reasm IpReasmReqds)
# shellcheck disable=SC2046 # a list
setup frame vm1 $(others 0005 20) "$(first 0008 0005)"
all() { [ $(($(reasm IpReasmReqds) - reqs)) -ge 17 ]; }
check "sixteen wait, and go on with their first" wait_for 5 all
check_eq "no more" "$(($(reasm IpReasmReqds) - reqs)) $(dropped park-full)" "17 4"

setup midoctl rule add c pos 1 fragment later drop
check_fails "a rule about fragments" in_vm vm1 ping -q -c 1 -W 1 -s 4000 10.0.0.2
