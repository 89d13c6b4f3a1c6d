#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1 -- net0 == r0 == net1 -- vm2 (on another host)
#
# The topology as a picture: what Graphviz reads, and what it draws.
. "$(dirname "$0")/lib.sh"
need jq dot

vm vm1 10.0.0.1/24
setup midoctl batch - <<-END
	host add h1
	host add h2
	bridge add net0
	bridge add net1
	router add r0
	port add net0:vm1 dev vm1 host h1
	port add net1:vm2 dev tap9 host h2
	port add net0:up
	port add net1:up
	port add r0:a addresses 10.0.0.254/24 peer net0:up
	port add r0:b addresses 10.1.0.254/24 peer net1:up
	load-balancer add lb router r0
END
setup midoctl host set-local h1

midoctl show --dot > "$scratch/dot"
# Graphviz's own reading of it: nodes and edges.
dot -Tjson "$scratch/dot" > "$scratch/json"
check "Graphviz reads it" test -s "$scratch/json"
labels() { jq -r '[.objects[] | select(.nodes == null) | .label] | sort | join(" ")' "$scratch/json"; }
check_eq "it has devices, interfaces and load balancers" "$(labels)" "lb net0 net1 r0 tap9 vm1"
check_eq "hosts are around interfaces" \
	"$(jq -r '[.objects[] | select(.nodes) | .label] | sort | join(" ")' "$scratch/json")" "h1 h2"
check_eq "links are drawn once" "$(jq '[.edges[] | select(.headlabel)] | length' "$scratch/json")" 2
check_eq "with all edges" "$(jq '.edges | length' "$scratch/json")" 5

# What is wrong is red, and elsewhere gray.
colour() { jq -r --arg l "$1" '.objects[] | select(.label == $l) | .color' "$scratch/json"; }
check_eq "of another host: gray" "$(colour tap9)" gray
check_eq "what is up is not coloured" "$(colour vm1)" null
setup ip link set vm1 down
midoctl show --dot | dot -Tjson > "$scratch/json"
check_eq "what is down is red" "$(colour vm1)" red

midoctl show --dot net1 | dot -Tjson > "$scratch/json"
check_eq "of one device: what it is linked to as well" "$(labels)" "net1 r0 tap9"
midoctl show --svg > "$scratch/svg"
check "an SVG" python3 -c '
import sys, xml.dom.minidom as dom
text = [t.firstChild.data for t in dom.parse(sys.argv[1]).getElementsByTagName("text")]
assert {"net0", "net1", "r0", "vm1", "h1"} <= set(text), text' "$scratch/svg"
refused "without Graphviz it is said" "apt install graphviz" \
	env PATH="$scratch" "$(command -v midoctl)" show --svg
refused "nothing is called so" "nothing is called" midoctl show --dot nosuch
midoctl show --dot net0 net1 2> /dev/null
check_eq "misuse" $? 2
