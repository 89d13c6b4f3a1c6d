#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1 -- net1 -- r1 -- net2 -- vm2
#
# Chains of routers and their ports, and what reject says where.
. "$(dirname "$0")/lib.sh"
need jq

vm vm1 10.0.1.2/24 fd00:1::2/64
vm vm2 10.0.2.2/24 fd00:2::2/64
vm vm3 10.0.1.3/24 fd00:1::3/64
# Each place has a chain of its own that is about ports of its own.
topology <<-E
	bridge add net1
	bridge add net2
	router add r1
	port add net1:r
	port add net2:r
	port add r1:n1 mac 02:00:00:00:01:01 addresses 1.1/24 peer net1:r
	port add r1:n2 addresses 2.1/24 peer net2:r
	chain add r1-in
	rule add r1-in proto udp dst-port 11 drop
	rule add r1-in proto udp dst-port 17 in-port r1:n1 drop
	rule add r1-in proto udp dst-port 18 out-port r1:n2 drop
	rule add r1-in proto udp dst-port 21 reject
	rule add r1-in fragment first src 1.77 drop
	chain add r1-out
	rule add r1-out proto udp dst-port 12 drop
	rule add r1-out proto udp dst-port 19 in-port r1:n1 out-port r1:n2 drop
	rule add r1-out proto udp dst-port 20 out-port r1:n1 drop
	rule add r1-out proto udp dst-port 22 reject
	chain add n1-in
	rule add n1-in proto udp dst-port 13 drop
	rule add n1-in proto udp dst-port 23 reject
	chain add n2-out
	rule add n2-out proto udp dst-port 14 drop
	rule add n2-out proto udp dst-port 24 reject
	chain add n1-out
	rule add n1-out proto udp dst-port 15 drop
	chain add n2-in
	rule add n2-in proto udp dst-port 16 drop
	chain add vm1-in
	rule add vm1-in proto udp dst-port 25 reject
	chain add net1-in
	rule add net1-in proto udp dst-port 26 reject
	rule add net1-in fragment first src 1.79 drop
	chain add net2-out
	rule add net2-out proto udp dst-port 27 reject
	chain add vm2-out
	rule add vm2-out proto udp dst-port 28 reject
	router set r1 in-chain r1-in out-chain r1-out
	bridge set net1 in-chain net1-in
	bridge set net2 out-chain net2-out
	port add net1:vm1 dev vm1 in-chain vm1-in
	port add net1:vm3 dev vm3
	port add net2:vm2 dev vm2 out-chain vm2-out
	port set r1:n1 in-chain n1-in out-chain n1-out
	port set r1:n2 in-chain n2-in out-chain n2-out
	chain add j
	rule add j proto udp,tcp dst-port 8 reject
	rule add j proto icmp,icmpv6 icmp-type 8,128 reject
	chain add back
	rule add back src 2.2 proto udp src-port 7 reject
E
gateway vm1 10.0.1.1 fd00:1::1
gateway vm2 10.0.2.1 fd00:2::1

probe <<-E
	vm2 serve 7
	vm2 serve 15
	vm2 serve 16
	vm2 serve 18
	vm2 serve 20
	vm1 udp 2.2 7 | echo | no rule is about it
	vm1 udp 2.2 11 | nothing | drop in the router's in-chain
	vm1 udp 2.2 12 | nothing | drop in the router's out-chain
	vm1 udp 2.2 13 | nothing | drop in the in-chain of the port it comes by
	vm1 udp 2.2 14 | nothing | drop in the out-chain of the port it leaves by
	vm1 udp 2.2 15 | echo | the out-chain of the port it comes by does not see it
	vm1 udp 2.2 16 | echo | the in-chain of the port it leaves by does not see it
	vm1 udp 2.2 17 | nothing | the router's in-chain knows in-port
	vm1 udp 2.2 18 | echo | but no out-port: there is no route yet
	vm1 udp 2.2 19 | nothing | its out-chain knows both
	vm1 udp 2.2 20 | echo | and that it is another port
	vm1 udp 2.2 21 | 3/13 1.1 @0-2 | reject in the router's in-chain
	vm1 udp 2.2 22 | 3/13 1.1 @0-2 | reject in the router's out-chain
	vm1 udp 2.2 23 | 3/13 1.1 @0-2 | reject in the in-chain of a router port
	vm1 udp 2.2 24 | 3/13 1.1 @0-2 | reject in the out-chain of a router port
	vm1 udp 2.2 25 | 3/13 2.2 @0-2 | reject at a bridge port speaks as the destination
	vm1 udp 2.2 26 | 3/13 2.2 @0-2 | also in a bridge's in-chain
	vm1 udp 2.2 27 | 3/13 2.2 @0-2 | and on a bridge behind the router
	vm1 udp 2.2 28 | 3/13 2.2 @0-2 | and at the last port
	vm1 udp 2.2 11 size=4000 | nothing | the first fragment is dropped, and those that follow
	vm1 raw to=02:00:00:00:01:01 src=1.77 dst=2.2 first | 3/4 1.1* | a rule about fragments drops a first one: the sender shall not cut
	vm1 raw to=02:00:00:00:01:01 src=1.76 dst=2.2 first | vm2 * | another first one passes
	vm1 raw to=02:00:00:00:01:01 src=1.79 dst=2.2 first | nothing | a bridge does not say so
E
counted chain 12 reject 16

probe <<-E
	vm2 serve 7
	vm2 serve 8
	vm3 serve 8
	do midoctl router set r1 in-chain j
	vm1 tcp 2.2 8 | refused @0-2 | TCP is refused at once
	vm1 tcp 2.2 7 bytes=100000 | open | another port is open
	vm1 ping 2.2 | 3/13 1.1 | an echo request
	wait
	do midoctl router set r1 in-chain none out-chain none
	do midoctl bridge set net1 out-chain j
	vm1 tcp 1.3 8 | refused @0-2 | TCP inside a bridge
	vm1 udp 1.3 8 | 3/13 1.3 @0-2 | UDP inside a bridge
	vm1 ping 1.3 | 3/13 1.3 | an echo request inside a bridge
	vm1 raw to=vm3 src=1.2 dst=1.3 icmp=3/3 | vm3* | errors are not what it is about
	wait
	do midoctl bridge set net1 out-chain none
	do midoctl rule add j pos 1 proto icmp,icmpv6 reject
	do midoctl router set r1 in-chain j
	vm1 raw to=02:00:00:00:01:01 src=1.2 dst=2.2 icmp=3/3 | nothing | no error about an error
	wait
	do midoctl router set r1 in-chain back
	vm1 udp 2.2 7 wait=2 | nothing | a rejected answer: its sender is told, not the asker
E
check "rules of routers count" test \
	"$(json '[.[] | select(.name | startswith("r1-in:")) | .packets] | add' stats rule)" -ge 6
