#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# midonetd keeps a kernel in step with a file: what is written there is in force
# here, and nothing the daemon does, or suffers, is noticed by packets.
#
#	file -- midonetd -- kernel: vm1 -- net0 -- vm2
. "$(dirname "$0")/lib.sh"
need jq

file=$scratch/topology
store=file:$file
vm vm1 10.0.0.1/24
vm vm2 10.0.0.2/24

# here COMMAND...: on the store, until it is in force
here() {
	midoctl -s "$store" "$@" && midoctl -s "$store" wait --timeout 20
}

generation() { json .generation status; }

midoctl -s "$store" batch - <<-END
	host add h1
	bridge add net0
	port add net0:vm1 dev vm1 host h1
	port add net0:vm2 dev vm2 host h1
END
daemon "$store"
check "the daemon puts a file into force" wait_for 20 store_says "ok +.*revision 1 is in force"
check_eq "the host is the one it was told" "$(json .host status)" h1
check_eq "the status names the store" "$(json .store status)" "$store"
check "packets flow" can_ping vm1 10.0.0.2
midoctl export --ids > "$scratch/kernel.json"
midoctl -s "$store" export --ids > "$scratch/store.json"
check "the kernel has what the store has" cmp "$scratch/kernel.json" "$scratch/store.json"

g=$(generation)
check "a change of the file" here chain add web
check_eq "is one generation" "$(generation)" $((g + 1))
check_eq "and a revision" "$(json .revision status)" 2
check "a batch of several" here batch - <<-END
	rule add web proto icmp drop
	port set net0:vm2 out-chain web
END
check_eq "is one, too" "$(generation)" $((g + 2))
check "and is in force" cannot_ping vm1 10.0.0.2
setup here rule del web pos 1

# Whose kernel it is
refused "the kernel is not changed directly" "mirrors $store; use -s, or --force" midoctl bridge add x
check "unless by force" midoctl --force bridge add x
check "and what was forced goes with the next revision" here bridge add net1
check_eq "the kernel is what the store says" "$(json 'map(.name) | join(",")' bridge list)" net0,net1
refused "a second daemon" "keeps this kernel in step with $store; stop midonetd first" \
	midonetd --foreground --config /dev/null --store "file:$scratch/other" --host h1
refused "the kernel is not let go" "stop midonetd first" midoctl release

# Its life
g=$(generation)
stop TERM
check "the daemon is gone, packets flow" can_ping vm1 10.0.0.2
check "that nobody reports is said" store_says "warning +nobody reports since [0-9]+ s; then: .*revision 5"
refused "the kernel is still the store's" "mirrors $store" midoctl bridge add x
daemon "$store"
check "it starts again" wait_for 20 store_says "ok +.*revision 5"
check_eq "and changes nothing" "$(generation)" "$g"
stop KILL
midoctl -s "$store" bridge add net2 || not_ok "setup: a bridge"
check "killed: packets flow" can_ping vm1 10.0.0.2
daemon "$store"
check "what was written meanwhile is in force" wait_for 20 store_says "ok +.*revision 6"
check_eq "as one generation" "$(generation)" $((g + 1))

# Files that are none
cp "$file" "$scratch/good"
head -c 300 "$scratch/good" > "$scratch/torn"
mv "$scratch/torn" "$file"
check "a torn file is refused with its place" wait_for 20 store_says "error +.*topology: line [0-9]+.*revision 6 is in force"
sed 's/net2/net3/' "$scratch/good" > "$scratch/edited"
mv "$scratch/edited" "$file"
check "so is an edit" wait_for 20 store_says "error +.*digest: does not fit"
rm "$file"
check "a file that is gone is said" wait_for 20 store_says "error +.*there is no such file"
check "packets flow" can_ping vm1 10.0.0.2
cp "$scratch/good" "$scratch/new"
mv "$scratch/new" "$file"
check "a good one is taken again" wait_for 20 store_says "ok +.*revision 6"
midoctl -s "$store" bridge add net3 || not_ok "setup: a bridge"
check "and what follows" midoctl -s "$store" wait 7 --timeout 20
cp "$scratch/good" "$scratch/new"
mv "$scratch/new" "$file"
check "one that was set back is refused" wait_for 20 store_says "error +.*at revision 6, but was at 7 already"
check_eq "the kernel keeps what it had" "$(json length bridge list)" 4
stop TERM
setup midoctl release
daemon "$store"
check "it is taken when the kernel was let go" wait_for 20 store_says "ok +.*revision 6"
check_eq "as it is" "$(json length bridge list)" 3
check "packets flow" can_ping vm1 10.0.0.2
stop TERM
