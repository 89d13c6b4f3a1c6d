#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# All or nothing, what is refused changes nothing, the same twice changes nothing.
. "$(dirname "$0")/lib.sh"
need jq

generation() { json .generation status; }

setup midoctl bridge add net0
g=$(generation)
refused "a batch with one bad line" net9 midoctl batch - <<-E
	bridge add net1
	port add net9:x
E
check_eq "changes nothing" "$(json 'map(.name) | join(",")' bridge list)" net0
check_eq "and makes no generation" "$(generation)" "$g"

setup midoctl batch - <<-E
	bridge add net1
	port add net1:a
	port add net1:b
	chain add c
	rule add c proto tcp drop
	port set net1:a in-chain c
E
check_eq "a batch is one generation" "$(generation)" $((g + 1))
refused "a chain in use is not deleted" net1:a midoctl chain del c
setup midoctl batch - <<-E
	chain del c
	port del net1:a
E
check_eq "but only the end state counts" "$(json length chain list)" 0

cat > "$scratch/doc" <<-E
	{"midonet": 1,
	 "ip-sets": [{"name": "s", "members": ["10.0.0.0/8", "fd00::/8"]}],
	 "chains": [{"name": "c", "rules": [
		{"match": {"src-set": "s", "proto": "tcp", "dst-port": "80,443"}, "action": "accept"},
		{"action": "drop"}]}],
	 "bridges": [{"name": "net0", "ports": [
		{"name": "a", "in-chain": "c"}, {"name": "b", "peer": "net1:b"}],
		"neighbours": [{"address": "10.0.0.5", "mac": "02:00:00:00:00:01"}]},
		{"name": "net1", "ports": [{"name": "b"}]}]}
E
setup midoctl apply "$scratch/doc"
g=$(generation)
setup midoctl apply "$scratch/doc"
check_eq "applying the same twice makes no generation" "$(generation)" "$g"
check "diff finds nothing" midoctl diff "$scratch/doc"
setup midoctl export > "$scratch/e1"
midoctl export > "$scratch/e1"
setup midoctl flush
check_eq "flush leaves nothing" "$(json length bridge list)" 0
setup midoctl apply "$scratch/e1"
midoctl export > "$scratch/e2"
check "export, flush, apply, export: the same" cmp "$scratch/e1" "$scratch/e2"

sed 's/"accept"/"drop"/' "$scratch/doc" > "$scratch/doc2"
check_fails "diff exits 1 if anything differs" midoctl diff "$scratch/doc2"
g=$(generation)
setup midoctl --dry-run apply "$scratch/doc2"
check_eq "dry run changes nothing" "$(generation)" "$g"

setup midoctl bridge del net0
setup midoctl bridge add net0
check_eq "an object removed and added again is new" "$(json length port list)" 1
