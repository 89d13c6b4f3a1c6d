#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Static MAC table entries never move and win over learned ones.
. "$(dirname "$0")/lib.sh"
need jq

for i in 1 2 3; do
	vm vm$i 10.0.0.$i/24
done
setup midoctl bridge add net0
for i in 1 2 3; do
	setup midoctl port add net0:vm$i dev vm$i
done
mac=02:00:00:00:00:77
hex=020000000077
pad=$(printf '00%.0s' {1..46})

setup midoctl mac add net0 $mac port vm1
check_eq "it is listed as static" \
	"$(json ".[] | select(.mac == \"$mac\") | .port + \" \" + .origin" mac list net0)" \
	"net0:vm1 static"
frame vm2 ffffffffffff${hex}88b5$pad
check_eq "a sender elsewhere does not move it" \
	"$(json ".[] | select(.mac == \"$mac\") | .port" mac list net0)" net0:vm1

check "a frame to it goes to its port" \
	hears vm1 "^$hex" frame vm2 ${hex}02000000000288b5$pad
check "and nowhere else" deaf vm3 "^$hex" frame vm2 ${hex}02000000000288b5$pad

refused "adding it twice" already midoctl mac add net0 $mac port vm2
refused "a port of another bridge" . midoctl mac add net0 02:00:00:00:00:78 port nosuch
setup midoctl mac del net0 $mac
check_eq "removed, it is gone" \
	"$(json "[.[] | select(.mac == \"$mac\" and .origin == \"static\")] | length" mac list net0)" 0
refused "removing it twice" . midoctl mac del net0 $mac
setup midoctl mac add net0 $mac port vm1
setup midoctl port del net0:vm1
check_eq "it goes with its port" \
	"$(json "[.[] | select(.origin == \"static\")] | length" mac list net0)" 0
