#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A kernel that refuses a revision stays at the one before, says so, and takes it as
# soon as it can.
#
#	net.midonet.ports_max = 2:	port 1, port 2, (port 3)
. "$(dirname "$0")/lib.sh"
need jq

store=file:$scratch/topology
setup midoctl -s "$store" batch - <<-END
	bridge add net0
	port add net0:a
	port add net0:b
END
setup sysctl -qw net.midonet.ports_max=2
daemon "$store"
setup wait_for 20 store_says "ok +.*revision 1"
g=$(json .generation status)
setup midoctl -s "$store" port add net0:c
check "the revision is refused, and why" wait_for 20 \
	store_says "error +.*revision 2 is refused: port net0:c: there are 2 already; raise net.midonet.ports_max; revision 1 is in force"
check_fails "the status is an error" midoctl status
refused "who waits is told" "this kernel is at revision 1, not 2" midoctl -s "$store" wait --timeout 0.5
setup midoctl -s "$store" bridge add net1
sleep 1
check_eq "nothing that comes later is looked at" "$(json .generation status)" "$g"
setup sysctl -qw net.midonet.ports_max=3
check "with room for it, it is taken" midoctl -s "$store" wait --timeout 40
check_eq "and what came later" "$(json length bridge list)" 2
check "all is well" midoctl status --wait 10
stop TERM

# A port whose device is not there is no reason to refuse.
setup midoctl -s "$store" batch - <<-END
	host add h1
	port set net0:a dev nosuch host h1
END
daemon "$store"
check "a device that is not there" midoctl -s "$store" wait --timeout 20
check_eq "is the state of a port" "$(port_state net0:a)" no-device
stop TERM
