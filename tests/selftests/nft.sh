#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1 - h1 -.
#	vm2 - h2 -+- underlay
#	vm3 - h3 -'	says it is in the zone; h1 does not
#
# midonetd on h1 protects its host by nftables: tunnels of others end before they are
# looked into, those of members are not tracked, and other tables are left alone. Three
# hosts with VMs take half a minute in a kernel that checks all it does.
. "$(dirname "$0")/lib.sh"
. "$tools/lib_overlay.sh"
need jq nft ping

under 3
for i in 1 2 3; do
	guest h$i vm$i 10.0.0.$i/24
done
{
	bridged 3
	zone tz 4 3
} | everywhere h2 h3
store=file:$scratch/topology
{
	bridged 3
	zone tz 4 2
} | setup midoctl -s "$store" batch -

filter() {
	ip netns exec "$(ns h1)" nft "$@"
}
# of the operator, who has connections tracked
setup filter -f - <<-END
	table ip mine {
		set friends { type ipv4_addr; elements = { 198.51.100.1 }; }
		chain c {
			type filter hook prerouting priority 0
			ct state invalid counter drop
		}
	}
END
tracked() {
	ip netns exec "$(ns h1)" sysctl -n net.netfilter.nf_conntrack_count
}
elements() {
	filter -j list set inet midonet "$1" |
		jq -r '[.nftables[] | .set.elem? // empty | .[]] | sort | join(" ")'
}
dropped_here() {
	filter -j list chain inet midonet in | jq '[.. | .counter? // empty | .packets] | add // 0'
}
mine() {
	filter -s list table ip mine
}
before=$(mine)

# protect yes|no: the daemon of h1 with that
protect() {
	echo "protect = $1" > "$scratch/conf"
	daemon "$store" -n "$(ns h1)" --config "$scratch/conf"
}
in_force() { on h1 status | grep -Eq 'store +ok .*is in force'; }

check_fails "there is no table" filter list table inet midonet
protect yes
check "there is one with protection" wait_for 20 filter list table inet midonet
setup wait_for 20 in_force
check_eq "its set has the other members" "$(elements members4)" 192.0.2.2
check_eq "and the own address" "$(elements local4)" 192.0.2.1
check_eq "and the port of the tunnels" "$(elements ports)" 6677
midonet=$(filter list table inet midonet)
for words in "type filter hook prerouting priority raw" "type filter hook output priority raw" \
	"ip saddr @members4 notrack accept" "ip daddr @members4 notrack accept"; do
	check "nft reads: $words" grep -qF "$words" <<< "$midonet"
done
# What hosts said to each other before was tracked, and h3, who takes h1 for a member,
# says something all the time.
was=$(tracked)
check "members reach each other" can_ping vm1 10.0.0.2
check "and are not tracked" test "$(tracked)" -le "$was"
check "who is no member does not reach" cannot_ping vm3 10.0.0.1
check "it is dropped by nftables" test "$(dropped_here)" -gt 0
check_eq "and not looked into" "$(json_on h1 'map(.packets) | add // 0' drops)" 0

# In step
midoctl -s "$store" batch - <<-END
	tunnel-zone member add tz h3 address 192.0.2.3
	host add h4
	tunnel-zone add by6 encap geneve udp-port 99
	tunnel-zone member add by6 h1 address 2001:db8::1
	tunnel-zone member add by6 h4 address 2001:db8::4
	tunnel-zone add other
	tunnel-zone member add other h2 address 192.0.2.77
END
setup midoctl -n "$(ns h1)" -s "$store" wait --timeout 20
both() { [ "$(elements members4)" = "192.0.2.2 192.0.2.3" ]; }
check "a member that comes is in the set" wait_for 20 both
check_eq "so is another zone, of IPv6" "$(elements members6)" 2001:db8::4
check_eq "with its port" "$(elements ports)" "99 6677"
check "the new member reaches" can_ping vm3 10.0.0.1

# What stays, what goes
stop KILL
check_eq "without the daemon it stays" "$(elements members4)" "192.0.2.2 192.0.2.3"
check "and works" can_ping vm1 10.0.0.2
protect no
check "it goes on request" wait_for 20 sh -c "! ip netns exec h1-$$ nft list table inet midonet"
setup wait_for 20 in_force
check "tunnels work" can_ping vm1 10.0.0.2
check "and are tracked like anything" test "$(tracked)" -gt 0
stop
check_eq "the table of the operator is as it was" "$(mine)" "$before"
refused "protect is yes or no" "neither yes nor no" \
	midonetd --foreground --store "$store" --host h1 -n "$(ns h1)" \
	--config <(echo "protect = maybe")
