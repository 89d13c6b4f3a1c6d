#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What translations and words about connections cannot be: refused by commands and in
# documents, with the place, and nothing is changed.
. "$(dirname "$0")/lib.sh"
need jq

setup midoctl batch - <<-E
	bridge add net0
	router add r1
	port add net0:a
	port add r1:a addresses 10.0.1.1/24
	port-group add grp
	chain add in
	chain add out
	chain add top
	chain add below
	chain add free
	rule add in dst 10.9.0.0/24 dnat target 10.8.0.0-10.8.0.255
	rule add out src 10.8.0.0/24 snat target 10.9.0.1:1024-65535
	rule add top jump chain below
	router set r1 in-chain in out-chain out
	bridge set net0 in-chain top
E
g=$(json .generation status)

# no PATTERN RULE...: the rule is refused, by whoever sees first that it cannot be
no() {
	local pattern=$1 status said=
	shift
	midoctl rule add "$@" > "$scratch/out" 2>&1
	status=$?
	read -rd '' said < "$scratch/out"
	if [[ $status = [12] && $said =~ $pattern ]]; then
		ok "$*: $pattern"
	else
		not_ok "$*: $pattern"
		echo "# status $status, said: $said"
	fi
}

# Targets.
size='a static target needs a match of the same size; for many to one write .*:1024-65535'
no "$size" free snat target 10.0.0.1
no "$size" free dnat target 10.0.0.1
no "$size" free src 10.0.0.0/24 snat target 10.0.1.0-10.0.1.254
no "$size" free src 10.0.0.0/24,10.0.1.0/24 snat target 10.0.2.0-10.0.2.255
no "$size" free src !10.0.0.0/24 snat target 10.0.2.0-10.0.2.255
no "$size" free dst 10.0.0.0/24 snat target 10.0.2.0-10.0.2.255
no "$size" free src fd00::/64 snat target fd01::1
no 'famil' free src 10.0.0.0/24 snat target '[fd00::1]:1-2'
no 'famil' free dst fd00::1 dnat target 10.0.0.1:80
no famil free snat target 10.0.0.1-fd00::1:1-2
no 'target' free snat
no 'target' free drop target 10.0.0.1
no 'then' free drop then continue
no 'then' free snat target 10.0.0.1:1-2 then drop
no PORT free snat target 10.0.0.1:0-5
no 'port' free snat target 10.0.0.1:5-4
no 'PORT' free snat target 10.0.0.1:5-65536
no 'ADDRESS' free snat target fd00::1:80-81
no 'first address|lower' free snat target 10.0.0.2-10.0.0.1:1-2
no 'ADDRESS' free snat target '[fd00::1:1-2'
for addr in 0.0.0.0 127.0.0.1 255.255.255.255 '[::1]' '[ff02::1]' '[fe80::1]'; do
	no unicast free snat target "$addr:1024-65535"
done
no unicast free dnat target 223.255.255.255-224.0.0.1:80

# Words.
no state free state nosuch drop
no direction free direction sideways drop
no dst-rewritten free dst-rewritten perhaps drop
no icmp-data-src free icmp-data-src 10.0.0.0/33 drop

# Where they stand.
no 'in-chain of routers|out-chain of router r1' out dst 10.0.0.1 dnat target 10.0.0.2
no 'out-chain of routers|in-chain of router r1' in src 10.0.0.1 snat target 10.0.0.2
no 'net0' top dst 10.0.0.1 dnat target 10.0.0.2
no 'net0' below dst 10.0.0.1 dnat target 10.0.0.2
no 'net0' below src 10.0.0.1 snat target 10.0.0.2
no 'net0' below rev-snat
no 'net0' below rev-dnat
no 'net0' top jump chain out
for place in "bridge set net0 out-chain in" "port set net0:a in-chain in" "port set net0:a out-chain out" \
	     "port set r1:a in-chain in" "port set r1:a out-chain out" \
	     "router set r1 out-chain in" "router set r1 in-chain out"; do
	# shellcheck disable=SC2086 # words
	refused "$place" 'chain' midoctl $place
done
check "a chain nobody uses may say anything" midoctl batch - <<-E
	rule add free dst 10.0.0.1 dnat target 10.0.0.2
	rule add free src 10.0.0.1 snat target 10.0.0.2
	rule add free rev-snat then return
	rule del free pos 1
	rule del free pos 1
	rule del free pos 1
E
check_eq "nothing was changed by the others" "$(json length rule list free)" 0
check "rev-dnat may stand in both chains of a router" midoctl --dry-run batch - <<-E
	rule add in rev-dnat
	rule add out rev-dnat then continue
	rule add in rev-snat
	rule add out rev-snat then return
E
check "within one transaction only the end counts" midoctl --dry-run batch - <<-E
	bridge set net0 in-chain in
	bridge set net0 in-chain top
	rule add below rev-dnat
	bridge set net0 in-chain none
E

# Changes of rules that are there.
setup midoctl rule add free src 10.0.0.0/24 snat target 10.0.1.0-10.0.1.255
refused "a match that no longer fits the target" "$size" midoctl rule set free pos 1 src 10.0.0.0/25
refused "a target that no longer fits the match" "$size" midoctl rule set free pos 1 target 10.0.1.0
refused "without its match" "$size" midoctl rule set free pos 1 src none
refused "without its target" 'target' sh -c 'midoctl rule set free pos 1 target none || exit 1'
check "both at once" midoctl rule set free pos 1 src 10.0.0.0/25 target 10.0.1.0-10.0.1.127

# Documents.
g=$(json .generation status)
# bad PATTERN RULES [REST]: a document whose chain 0 has these rules
bad() {
	printf '{"midonet":1,"chains":[{"name":"c","rules":[%s]}]%s}' "$2" "${3:-}" > "$scratch/doc"
	refused "$1" "$1" midoctl apply "$scratch/doc"
}
dnat='{"match":{"dst":"10.0.0.1"},"action":"dnat","target":"10.0.0.2"}'
snat='{"match":{"src":"10.0.0.1"},"action":"snat","target":"10.0.0.2"}'
bad "chains\\[0\\].rules\\[0\\].*$size" '{"action":"snat","target":"10.0.0.1"}'
bad "chains\\[0\\].rules\\[1\\].*$size" "$snat,"'{"match":{"dst":"10.0.0.0/24"},"action":"dnat","target":"10.0.0.1"}'
bad 'chains\[0\].rules\[0\].*target' '{"action":"snat"}'
bad 'chains\[0\].rules\[0\].target' '{"action":"snat","target":"10.0.0.1:0"}'
bad 'chains\[0\].rules\[0\].target' '{"action":"snat","target":7}'
bad 'chains\[0\].rules\[0\].*target' '{"action":"drop","target":"10.0.0.1:1"}'
bad 'chains\[0\].rules\[0\].*then' '{"action":"drop","then":"continue"}'
bad 'chains\[0\].rules\[0\].*then' '{"action":"snat","target":"10.0.0.1:1","then":"drop"}'
bad 'chains\[0\].rules\[0\].*unicast' '{"action":"snat","target":"224.0.0.1:1024-65535"}'
bad 'chains\[0\].rules\[0\].*famil' '{"match":{"src":"10.0.0.0/8"},"action":"snat","target":"[fd00::1]:1-2"}'
bad 'chains\[0\].rules\[0\].match.state' '{"match":{"state":"old"},"action":"drop"}'
bad 'chains\[0\].rules\[0\].match.direction' '{"match":{"direction":"up"},"action":"drop"}'
bad 'chains\[0\].rules\[0\].match.icmp-data-src' '{"match":{"icmp-data-src":"x"},"action":"drop"}'
bad 'chains\[0\].rules\[0\].*bridge a' "$dnat" ',"bridges":[{"name":"a","in-chain":"c"}]'
bad 'chains\[0\].rules\[0\].*router r' "$dnat" ',"routers":[{"name":"r","out-chain":"c"}]'
bad 'chains\[0\].rules\[1\].*router r' "{\"action\":\"rev-dnat\"},$snat" ',"routers":[{"name":"r","in-chain":"c"}]'
bad 'chains\[0\].rules\[0\].*port r:x' "$dnat" ',"routers":[{"name":"r","ports":[{"name":"x","in-chain":"c"}]}]'
bad 'chains\[0\].rules\[0\].*a:x' '{"action":"rev-snat"}' ',"bridges":[{"name":"a","ports":[{"name":"x","out-chain":"c"}]}]'
printf '{"midonet":1,"chains":[{"name":"c","rules":[{"action":"jump","chain":"d"}]},
	{"name":"d","rules":[{"action":"jump","chain":"e"}]},{"name":"e","rules":[%s]}],
	"bridges":[{"name":"a","out-chain":"c"}]}' "$snat" > "$scratch/doc"
refused "by jumps: the rule, and what it is reached from" 'chains\[2\].rules\[0\].*bridge a' midoctl apply "$scratch/doc"
check_eq "nothing was changed" "$(json .generation status)" "$g"

# What is good comes back as it went.
cat > "$scratch/doc" <<-E
	{"midonet":1,"chains":[
	 {"name":"in","rules":[$dnat,
	  {"match":{"dst":"fd00:1::/64"},"action":"dnat","target":"fd00:2::-fd00:2::ffff:ffff:ffff:ffff","then":"continue"},
	  {"match":{"proto":"tcp","dst-port":"80"},"action":"dnat","target":"10.0.0.1-10.0.0.9:8080"},
	  {"action":"rev-snat","then":"return"},
	  {"match":{"state":"established,related","direction":"return"},"action":"accept"},
	  {"match":{"icmp-data-src":"10.0.0.0/8","icmp-data-dst":"!10.1.0.0/16"},"action":"drop"}]},
	 {"name":"out","rules":[$snat,
	  {"match":{"dst-rewritten":true},"action":"snat","target":"[fd00::1]:1024-65535"}]}],
	"routers":[{"name":"r1","in-chain":"in","out-chain":"out"}]}
E
check "a document of all of it" midoctl apply "$scratch/doc"
check "comes back" midoctl diff "$scratch/doc"
check "its export, too" sh -c "midoctl export > $scratch/back && midoctl diff $scratch/back && midoctl flush &&
	midoctl apply $scratch/back && midoctl diff $scratch/doc"
