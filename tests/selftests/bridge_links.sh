#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1 -- a === b === c -- vm3
#
# Links between bridges: symmetrical, acyclic, gone with either end.
. "$(dirname "$0")/lib.sh"
need jq ping

vm vm1 10.0.0.1/24
vm vm3 10.0.0.3/24
for b in a b c; do
	setup midoctl bridge add $b
done
setup midoctl port add a:vm dev vm1
setup midoctl port add c:vm dev vm3
setup midoctl port add a:b
setup midoctl port add b:a peer a:b
setup midoctl port add b:c
setup midoctl port add c:b peer b:c

peer() { json ".[] | select(.name == \"$1\") | .peer" port list; }
check_eq "naming the peer on one side is enough" "$(peer a:b)" b:a
check "frames cross two links" can_ping vm1 10.0.0.3
check_eq "MACs of the far side are learned on the link" \
	"$(json ".[] | select(.mac == \"$(mac_of vm3)\") | .port" mac list a)" a:b

setup midoctl port add a:c
setup midoctl port add c:a
refused "a cycle of links" loop midoctl link a:c c:a
refused "a port linked twice" linked midoctl link a:c b:a
refused "a link to itself" . midoctl link a:c a:c
refused "a peer and a device" . midoctl port set a:b dev vm1

setup midoctl unlink a:b
check "unlinked, nothing passes" cannot_ping vm1 10.0.0.3
check_eq "the far end is unplugged too" "$(port_state b:a)" unplugged
setup midoctl link a:b b:a
check "linked again, it passes" can_ping vm1 10.0.0.3
setup midoctl port del b:a
check_eq "a removed port leaves its peer unplugged" "$(port_state a:b)" unplugged
