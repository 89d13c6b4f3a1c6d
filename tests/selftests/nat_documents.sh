#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Rules that translate and load balancers in documents and by single commands: what
# goes in comes out, what makes no sense is refused with its place, what never does
# anything is warned of.
. "$(dirname "$0")/lib.sh"
need jq

cat > "$scratch/full" <<-'E'
	{"midonet":1,
	 "chains":[{"name":"in","rules":[
	    {"match":{"dst":"192.0.2.7"},"action":"dnat","target":"10.0.0.7"},
	    {"match":{"dst":"192.0.2.8","proto":"tcp"},"action":"dnat","target":"10.0.0.7-10.0.0.9:8000-8999"},
	    {"match":{"state":"established,related","direction":"!forward"},"action":"rev-snat","then":"continue"},
	    {"match":{"dst-rewritten":true},"action":"accept"},
	    {"match":{"icmp-data-src":"10.0.0.0/8","icmp-data-dst":"::/0"},"action":"drop"}]},
	  {"name":"out","rules":[
	    {"match":{"src":"10.0.0.7"},"action":"snat","target":"192.0.2.7","then":"return"},
	    {"match":{"src":"fd00::/64"},"action":"snat","target":"[2001:db8::1]-[2001:db8::2]:1024-65535"},
	    {"match":{"src":"10.0.0.0/8"},"action":"snat","target":"192.0.2.1:1024-65535"}]}],
	 "routers":[{"name":"r","in-chain":"in","out-chain":"out",
	   "ports":[{"name":"ext","addresses":["192.0.2.1/24"]}]}],
	 "load-balancers":[{"name":"lb","router":"r",
	   "vips":[{"address":"192.0.2.9","port":443,"proto":"tcp","pool":"web","sticky":60},
	     {"address":"192.0.2.9","port":443,"proto":"udp","pool":"web"}],
	   "pools":[{"name":"web","health-check":{"type":"http","path":"/up","rise":3},
	     "members":[{"address":"10.0.0.2","port":8443,"weight":5},
	       {"address":"10.0.0.3","port":8443,"admin-up":false}]}]}]}
E
check "a document" midoctl apply "$scratch/full"
check "is there then" midoctl diff "$scratch/full"
midoctl export > "$scratch/export"
check "and comes out as it went in" midoctl diff "$scratch/export"
g=$(json .generation status)
check "once more" midoctl apply "$scratch/full"
check_eq "changes nothing" "$(json .generation status)" "$g"

jq 'del(."load-balancers"[0].vips[1]) |
	."load-balancers"[0].pools[0].members[0].weight = 1 |
	del(."load-balancers"[0].pools[0]."health-check") |
	.chains[1].rules[2] = {action: "drop"} |
	.chains[0].rules[1].action = "rev-dnat" |
	del(.chains[0].rules[1].target)' "$scratch/full" > "$scratch/less"
check "another one" midoctl apply "$scratch/less"
check "takes its place" midoctl diff "$scratch/less"
check "and back" midoctl apply "$scratch/full"
check "again" midoctl diff "$scratch/full"
echo '{"midonet":1,"load-balancers":[{"name":"lb","pools":[{"name":"web",
	"members":[{"address":"10.0.0.4","port":8443}]}]}]}' > "$scratch/more"
check "one more member" midoctl apply --merge "$scratch/more"
check_eq "is one more" "$(json length load-balancer member list lb web)" 3
check_eq "and the router stays" "$(json .router load-balancer show lb)" r
check "back" midoctl apply "$scratch/full"

# bad PATTERN FILTER: the document changed by FILTER of jq is refused
bad() {
	jq "$2" "$scratch/full" > "$scratch/doc"
	refused "$1: $2" "$1" midoctl apply "$scratch/doc"
}

g=$(json .generation status)
lb='."load-balancers"[0]'
bad 'chains\[1\].rules\[0\].target.*same size' '.chains[1].rules[0].match.src = "10.0.0.6/31"'
bad 'chains\[1\].rules\[2\].target.*192.0.2.1:1024-65535' '.chains[1].rules[2].target = "192.0.2.1"'
bad 'chains\[0\].rules\[0\].target.*families' '.chains[0].rules[0].match.dst = "fd00::1"'
bad 'chains\[0\].rules\[1\]: dnat needs a target' 'del(.chains[0].rules[1].target)'
bad 'chains\[0\].rules\[2\].then' '.chains[0].rules[2].then = "drop"'
bad 'chains\[0\].rules\[0\]: dnat.*out-chain of router r' '.routers[0]."out-chain" = "in"'
bad 'chains\[1\].rules\[0\]: snat.*bridge b, by jump from chain top' \
	'.chains += [{name: "top", rules: [{action: "jump", chain: "out"}]}] |
	.bridges = [{name: "b", "in-chain": "top"}]'
bad 'chains\[0\].rules\[0\]: dnat.*in-chain of port r:ext' '.routers[0].ports[0]."in-chain" = "in"'
bad 'load-balancers\[1\].router.*lb' '."load-balancers" += [{name: "l2", router: "r"}]'
bad 'load-balancers\[0\].vips\[0\].address.*r:ext' "$lb.vips[0].address = \"192.0.2.1\""
bad 'load-balancers\[0\].vips\[0\].proto' "$lb.vips[0].proto = \"icmp\""
bad 'load-balancers\[0\].vips\[1\].pool' "$lb.vips[1].pool = \"nosuch\""
bad 'load-balancers\[0\].pools\[0\].members\[1\]' "$lb.pools[0].members[1].address = \"10.0.0.2\""
bad 'load-balancers\[0\].pools\[0\].members\[0\].address' "$lb.pools[0].members[0].address = \"127.0.0.1\""
bad 'load-balancers\[0\].pools\[0\].members\[1\].address.*famil' "$lb.pools[0].members[1].address = \"fd00::3\""
bad 'load-balancers\[0\].pools\[0\].members\[0\].health' "$lb.pools[0].members[0].health = \"up\""
bad 'load-balancers\[0\].pools\[0\].health-check.interval' "$lb.pools[0].\"health-check\".interval = 0"
check_eq "nothing was changed" "$(json .generation status)" "$g"

# The kernel by itself refuses the same.
refused "a static target of another size" "same size" midoctl rule set in pos 1 dst 192.0.2.0/24
refused "dnat in an out-chain" "chain in: rule 1: dnat.*out-chain of router r" midoctl router set r out-chain in
refused "rev-snat at a bridge" "not in the in-chain of bridge b" midoctl batch - <<-E
	bridge add b
	bridge set b in-chain in
E
refused "a VIP that is the router" "r:ext" midoctl load-balancer vip add lb 192.0.2.1:80 proto tcp pool web
refused "an address of the router that is a VIP" 192.0.2.9 midoctl port set r:ext addresses +192.0.2.9/32
refused "a pool in use" "is used by vip" midoctl load-balancer pool del lb web
refused "a router in use" "load-balancer lb" midoctl router del r
refused "a second load balancer" lb midoctl load-balancer add l2 router r
check_eq "nothing was changed" "$(json .generation status)" "$g"

# Single commands
check "a rule by a command" midoctl rule add out pos 1 src 10.9.0.0/16 snat target 192.0.2.3-192.0.2.4:5000 then continue
check_eq "is listed as it was written" "$(midoctl rule list out | head -1)" \
	"   1  src 10.9.0.0/16 snat target 192.0.2.3-192.0.2.4:5000 then continue"
check "its target changed" midoctl rule set out pos 1 target 192.0.2.5:1-2
check_eq "is another" "$(json '.[0].target + " " + .[0].then' rule list out)" "192.0.2.5:1-2 continue"
check "its action changed" midoctl rule set out pos 1 accept
check_eq "it has none" "$(json '.[0].target, .[0].then' rule list out | paste -sd' ')" "null null"
check "it is deleted" midoctl rule del out pos 1
check "health" midoctl load-balancer set-health lb web 10.0.0.2:8443 down
check "another weight" midoctl load-balancer member set lb web 10.0.0.2:8443 weight 9
check_eq "leaves the health alone" \
	"$(json '.[] | select(.address == "10.0.0.2") | "\(.weight) \(.health)"' load-balancer member list)" "9 down"
check "back" midoctl load-balancer member set lb web 10.0.0.2:8443 weight 5
check "another time" midoctl load-balancer vip set lb 192.0.2.9:443 proto tcp sticky 5
check_eq "is that of one VIP" "$(json '[.[].sticky] | sort | @csv' load-balancer vip list)" 0,5
check "back" midoctl load-balancer vip set lb 192.0.2.9:443 proto tcp sticky 60
refused "health of nobody" "pool lb:web" midoctl load-balancer set-health lb web 10.0.0.9:8443 up
check "ports for snat" midoctl nat-block add r 192.0.2.1 first-port 1024 count 128
check "more of them" midoctl nat-block add r 192.0.2.1 first-port 2048
check_eq "are listed" "$(midoctl -j nat-block list r | jq -c '[.[] | [.device, .address, ."first-port", .count, .used]]')" \
	'[["r","192.0.2.1",1024,128,0],["r","192.0.2.1",2048,64,0]]'
check "and no part of the document" midoctl diff "$scratch/export"
check "which leaves them alone" midoctl apply "$scratch/full"
check_eq "all" "$(json length nat-block list)" 2
check "until they are deleted" midoctl nat-block del r 192.0.2.1 first-port 2048
check_eq "one by one" "$(json length nat-block list)" 1
check "the document is what it was" sh -c "midoctl export | cmp - '$scratch/export'"

# warned PATTERN COMMAND...: it is done, and said to be of no use
warned() {
	local pattern=$1
	shift
	if "$@" 2> "$scratch/err" && grep -q "^midoctl: warning: .*$pattern" "$scratch/err"; then
		ok "warned: $pattern"
	else
		not_ok "warned: $pattern"
		sed 's/^/# /' "$scratch/err"
	fi
}

warned 'rule in:1: proto icmp and dst-port 80 never' midoctl rule add in pos 1 proto icmp dst-port 80 drop
warned 'rule in:1: ethertype arp and proto tcp never' midoctl batch - <<-E
	bridge add b
	port add b:p
	rule add in pos 1 ethertype arp proto tcp drop
E
warned 'rule in:1: in-port b:p is never where.*in-chain of router r' midoctl rule add in pos 1 in-port b:p drop
jq '.chains[1].rules[0].match.ethertype = "ipv6"' "$scratch/full" > "$scratch/doc"
warned 'chains\[1\].rules\[0\]: ethertype ipv6 and src 10.0.0.7 never' midoctl apply "$scratch/doc"
jq "$lb.pools += [{name: \"bare\"}] | $lb.vips[1].pool = \"bare\"" "$scratch/full" > "$scratch/doc"
warned 'load-balancers\[0\].vips\[1\]: pool bare has no members' midoctl apply "$scratch/doc"
jq "$lb.pools[0].members[1].address = \"192.0.2.9\"" "$scratch/full" > "$scratch/doc"
warned 'load-balancers\[0\].vips\[0\]: is where a member of pool web is' midoctl apply "$scratch/doc"

check "flush" midoctl flush
check_eq "leaves nothing" "$(midoctl export | jq -c .)" '{"midonet":1}'
check_eq "blocks went with their router" "$(midoctl -j nat-block list | jq -c .)" '[]'
