#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Long work shows on a terminal how far it is, and nowhere else.
. "$(dirname "$0")/lib.sh"
need jq script

n=${OBJECTS:-12000}
on_terminal() { script -qec "NO_COLOR=1 midoctl $*" /dev/null < /dev/null | tr '\r' '\n'; }

jq -n "{midonet: 1, chains: [{name: \"c\", rules: [range($n) | {
	match: {src: \"10.\(. / 65536 | floor).\(. / 256 % 256 | floor).\(. % 256)/32\"},
	action: \"drop\"}]}]}" > "$scratch/doc"
on_terminal apply "$scratch/doc" > "$scratch/said"
check "applying $n rules says it sends" grep -q '^midoctl: sending [0-9]*%' "$scratch/said"
check "and then that it commits" grep -q '^midoctl: committing' "$scratch/said"
check_eq "in the end the line is empty" "$(tail -1 "$scratch/said" | tr -d ' ')" ""
check_eq "all rules are there" "$(json length rule list c)" "$n"

midoctl flush
midoctl apply "$scratch/doc" > "$scratch/said" 2>&1
check "without a terminal it is silent" test ! -s "$scratch/said"
on_terminal bridge add net0 > "$scratch/said"
check "and when it is short" test ! -s "$scratch/said"
sed 's/"drop"/"accept"/' "$scratch/doc" > "$scratch/other"
check_eq "what is printed begins on an empty line" \
	"$(on_terminal diff "$scratch/other" | grep -c '^[-+~] ')" \
	"$(midoctl diff "$scratch/other" | wc -l)"
