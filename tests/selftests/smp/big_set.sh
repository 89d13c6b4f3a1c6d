#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1 -- net0 -- vm2 (out-chain c)
#
# An ip-set of MEMBERS (100 000) prefixes of eight lengths in a rule: it is there in
# seconds, one member more costs what it costs in a small set, and so do packets that
# are looked up.
. "$(dirname "$0")/../lib.sh"
need jq

n=${MEMBERS:-100000}
bound=$((n / 10000 + 5))
vm vm1 10.0.0.1/24
vm vm2 10.0.0.2/24
# Every packet of another source port is looked for in the set.
setup midoctl batch - <<-E
	bridge add net0
	chain add c
	ip-set add s members 172.16.0.0/12,172.32.0.0/16,172.33.0.0/18,172.34.0.0/20,172.35.0.0/22,172.36.0.0/24,172.37.0.0/28,172.38.0.1/32
	rule add c src-set s src-port 1-65535 drop
	rule add c dst-set s src-port 1-65535 drop
	port add net0:vm1 dev vm1
	port add net0:vm2 dev vm2 out-chain c
E
lengths=12,16,18,20,22,24,28,32
setup can_ping vm1 10.0.0.2

rx() { json '.[] | select(.name == "net0:vm1") | .["rx-packets"]' stats port; }
# pace: packets that pass in a second
pace() {
	local before sent
	before=$(rx)
	sent=$(blast vm1 3)
	echo "# $sent sent, $(($(rx) - before)) came in" >&2
	echo $((($(rx) - before) / 3))
}
# ms COMMAND...: how long it takes
ms() {
	local begin=$EPOCHREALTIME
	setup "$@"
	echo $(((${EPOCHREALTIME/./} - ${begin/./}) / 1000))
}

small=$(pace)
one_small=$(ms midoctl ip-set set s members +192.0.2.1)
# No address of the VMs is among them: 11.0.0.0 and above.
jq -n --argjson n "$n" --argjson l "[$lengths]" '[range($n) | . as $i | $l[$i % 8] as $len |
	(184549376 + ($i / 8 | floor) * pow(2; 32 - $len)) as $a |
	select($a < 2886729728) | [$a / 16777216, $a / 65536 % 256, $a / 256 % 256, $a % 256 |
	floor | tostring] | join(".") + "/\($len)"] | unique' > "$scratch/members"
check "members of all lengths ($(jq length "$scratch/members"))" \
	test "$(jq length "$scratch/members")" -gt $((n * 3 / 4))
midoctl export | jq --slurpfile m "$scratch/members" '.["ip-sets"][0].members = $m[0]' > "$scratch/doc"
took=$(ms midoctl apply "$scratch/doc")
check "applied in $took ms" test "$took" -le $((1000 * bound))
check_eq "all of them" "$(json '.[0].members | length' ip-set list)" "$(jq length "$scratch/members")"
took=$(ms midoctl apply "$scratch/doc")
check "applied again in $took ms: nothing to do" test "$took" -le $((1000 * bound))
one_large=$(ms midoctl ip-set set s members +192.0.2.1)
check "one more: $one_large ms, in a small set $one_small ms" test "$one_large" -le $((20 * one_small + 1000))
large=$(pace)
check "packets a second: $large, with a small set $small" test "$large" -ge $((small / 3))
check "packets pass that no member covers" can_ping vm1 10.0.0.2
setup midoctl ip-set set s members +10.0.0.1
before=$(dropped chain)
blast vm1 0.2 > /dev/null
check "and none that one covers" test "$(dropped chain)" -gt "$before"
took=$(ms midoctl ip-set set s members none)
check "emptied in $took ms" test "$took" -le $((1000 * bound))
