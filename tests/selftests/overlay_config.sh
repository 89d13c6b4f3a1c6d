#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Tunnel zones in documents and by single commands: what goes in comes out, keys are
# never told, what makes no sense is refused with its place.
. "$(dirname "$0")/lib.sh"
need jq

key=000102030405060708090a0b0c0d0e0f
cat > "$scratch/full" <<-E
	{"midonet":1,"hosts":[{"name":"h1"},{"name":"h2"},{"name":"h3"}],
	 "tunnel-zones":[
	  {"name":"four","key":"$key","dscp":46,"members":[
	    {"host":"h1","address":"192.0.2.1"},{"host":"h2","address":"192.0.2.2"}]},
	  {"name":"six","encap":"geneve","udp-port":6677,"members":[
	    {"host":"h2","address":"2001:db8::2"},{"host":"h3","address":"2001:db8::3"}]},
	  {"name":"old","encap":"gre","members":[{"host":"h1","address":"192.0.2.1"}]}]}
E
check "a document" midoctl apply "$scratch/full"
check "is there then" midoctl diff "$scratch/full"
midoctl export > "$scratch/export"
check "and comes out as it went in" midoctl diff "$scratch/export"
check_fails "but for the key" grep -q "$key" "$scratch/export"
g=$(json .generation status)
check "once more" midoctl apply "$scratch/full"
check "without the key" midoctl apply "$scratch/export"
check_eq "changes nothing" "$(json .generation status)" "$g"
check_eq "a zone" "$(json '[.encap, ."udp-port", .dscp, ."key-id", .key, .count] | @csv' tunnel-zone show four)" \
	'"vxlan",6677,46,"310e0edd47db6f72",,2'
check_eq "and one with other defaults" \
	"$(json '[.encap, ."udp-port", .dscp, ."key-id", .count] | @csv' tunnel-zone show old)" '"gre",,"inherit",,1'
check_eq "its members" "$(midoctl tunnel-zone member list four)" \
	"$(printf 'tunnel-zone  host  address\nfour         h1    192.0.2.1\nfour         h2    192.0.2.2')"
check_eq "all members" "$(json length tunnel-zone member list)" 5

jq '."tunnel-zones"[0].key = "ffffffffffffffffffffffffffffffff"' "$scratch/full" > "$scratch/doc"
check_fails "another key" midoctl diff "$scratch/doc"
check "is a change" midoctl apply "$scratch/doc"
check_fails "the old one is another then" midoctl diff "$scratch/full"
jq '."tunnel-zones"[0].key = null' "$scratch/full" > "$scratch/doc"
check "no key" midoctl apply "$scratch/doc"
check_eq "is none" "$(json '."key-id"' tunnel-zone show four)" null
jq '."tunnel-zones"[0].members[1].address = "192.0.2.1" |
	."tunnel-zones"[0].members[0].address = "192.0.2.2" |
	."tunnel-zones"[1].members = ."tunnel-zones"[1].members[1:] |
	del(."tunnel-zones"[2])' "$scratch/full" > "$scratch/less"
check "hosts may swap addresses" midoctl apply "$scratch/less"
check "in one commit" midoctl diff "$scratch/less"
check "and back" midoctl apply "$scratch/full"
check "again" midoctl diff "$scratch/full"

# bad PATTERN FILTER: the document changed by FILTER of jq is refused
bad() {
	jq "$2" "$scratch/full" > "$scratch/doc"
	refused "$1: $2" "$1" midoctl apply "$scratch/doc"
}

g=$(json .generation status)
tz='."tunnel-zones"'
bad 'tunnel-zones\[0\].encap' "${tz}[0].encap = \"ipip\""
bad 'tunnel-zones\[0\].key: must be 32' "${tz}[0].key = \"00\""
bad 'tunnel-zones\[0\].udp-port' "${tz}[0].\"udp-port\" = 70000"
bad 'tunnel-zones\[0\].dscp' "${tz}[0].dscp = 64"
bad 'tunnel-zones\[2\].udp-port: gre has none' "${tz}[2].\"udp-port\" = 1"
bad 'tunnel-zones\[1\].encap: gre is for IPv4' "${tz}[1].encap = \"gre\" | del(${tz}[1].\"udp-port\")"
bad 'tunnel-zones\[0\].members\[1\].address: member h1 has' "${tz}[0].members[1].address = \"192.0.2.1\""
bad 'tunnel-zones\[0\].members\[1\].address: not of the address family' "${tz}[0].members[1].address = \"2001:db8::9\""
bad 'tunnel-zones\[0\].members\[1\]: another tunnel-zone-member is h1' "${tz}[0].members[1].host = \"h1\""
bad 'tunnel-zones\[0\].members\[1\].host: no host' "${tz}[0].members[1].host = \"h9\""
bad 'tunnel-zones\[0\].members\[0\].address: 224.0.0.1' "${tz}[0].members[0].address = \"224.0.0.1\""
bad 'tunnel-zones\[1\].members\[0\].address: fe80::1' "${tz}[1].members[0].address = \"fe80::1\""

# The kernel by itself refuses the same.
refused "a port of gre" "old: udp-port" midoctl tunnel-zone set old udp-port 99
refused "gre over IPv6" "six: encap: gre" midoctl tunnel-zone set six udp-port none encap gre
refused "an address twice" "four: member h3: address: member h1" \
	midoctl tunnel-zone member add four h3 address 192.0.2.1
refused "a host twice" "four: member h1: exists" midoctl tunnel-zone member add four h1 address 192.0.2.9
refused "IPv6 in gre" "old: member h2: address: not of" midoctl tunnel-zone member add old h2 address 2001:db8::2
refused "IPv6 in gre, alone" "empty: encap: gre" midoctl batch - <<-E
	tunnel-zone add empty encap gre
	tunnel-zone member add empty h2 address 2001:db8::2
E
refused "a host in use" "h1 is used by tunnel-zone" midoctl host del h1
refused "a host that goes" "h4 is used by tunnel-zone four" midoctl batch - <<-E
	host add h4
	tunnel-zone member add four h4 address 192.0.2.4
	host del h4
E
check_eq "nothing was changed" "$(json .generation status)" "$g"

check "a member moves" midoctl tunnel-zone member set four h2 address 192.0.2.22
check_eq "there" "$(json '.[] | select(.host == "h2") | .address' tunnel-zone member list four)" 192.0.2.22
check "a host goes with its memberships" midoctl batch - <<-E
	tunnel-zone member del six h3
	host del h3
E
check "a zone goes with its members" midoctl tunnel-zone del four
check_eq "and leaves the others" "$(json length tunnel-zone member list)" 2
for i in $(seq 65); do
	echo "tunnel-zone add z$i"
	echo "tunnel-zone member add z$i h1 address 192.0.2.1"
done > "$scratch/many"
refused "a host in too many zones" "member h1: is in 64" midoctl batch "$scratch/many"
check "flush" midoctl flush
check_eq "leaves nothing" "$(midoctl export | jq -c .)" '{"midonet":1}'
