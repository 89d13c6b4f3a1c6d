#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Fuzz what reads documents and values, and what reads DHCP clients, for a bounded time.
#
#	tests/fuzz/parsers.sh [SECONDS]		default 30

set -e

seconds=${1:-30}
top=$(cd "$(dirname "$0")/../.." && pwd -P)
out=$top/build/fuzz/parsers
mkdir -p "$out/corpus" "$out/corpus-dhcp" "$out/found"

flags="$(pkg-config --cflags --libs libmnl jansson uuid) -lzookeeper_st"
# build NAME SOURCE...
build() {
	name=$1
	shift
	# shellcheck disable=SC2086 # word splitting is meant
	clang -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
		-D_GNU_SOURCE -I"$top/include/uapi" -I"$top/userspace/lib" \
		-I"$top/userspace/midonetd" "$top/userspace/tests/fuzz/${name}_fuzz.c" \
		"$@" -o "$out/$name" $flags
}
build parsers "$top"/userspace/lib/*.c
build dhcp "$top"/userspace/lib/frame.c "$top"/userspace/lib/util.c "$top"/userspace/lib/match.c \
	"$top"/userspace/lib/va*.c "$top"/userspace/lib/names_gen.c "$top"/userspace/lib/uuid.c \
	"$top"/userspace/midonetd/packet.c "$top"/userspace/midonetd/ra.c \
	"$top"/userspace/midonetd/dhcp4.c "$top"/userspace/midonetd/dhcp6.c

# fuzz NAME CORPUS SECONDS [OPTION]...
fuzz() {
	name=$1
	corpus=$2
	for_seconds=$3
	shift 3
	"$out/$name" -max_total_time="$for_seconds" -timeout=10 -rss_limit_mb=2048 \
		-artifact_prefix="$out/found/" -print_final_stats=1 -verbosity=0 "$@" "$out/$corpus"
}

# Where clients begin: a discover, a request, a solicit with an association.
zeros() {
	printf '\000%.0s' $(seq "$1")
}
bootp() {
	printf '1\001\001\006\000abcd'
	zeros 20
	printf '\002\000\000\000\000\001'
	zeros 202
	printf 'c\202Sc5\001'
}
{ bootp; printf '\001\071\002\005\334\075\003xyz\377'; } > "$out/corpus-dhcp/discover"
{ bootp; printf '\003\066\004\012\000\000\001\062\004\012\000\000\005\064\001\003\377'; } \
	> "$out/corpus-dhcp/request"
printf '2\001abc\000\001\000\004wxyz\000\003\000\014%012d\000\016\000\000' 0 > "$out/corpus-dhcp/solicit"
printf '6\006abc\000\001\000\004wxyz\000\003\000\050%012d\000\005\000\030%024d' 0 0 > "$out/corpus-dhcp/rebind"
fuzz dhcp corpus-dhcp $((seconds / 3 + 1)) -max_len=1500

# Where to begin: the words of the grammar, and a document with all of them.
dict=$out/words.dict
sed -n 's/.*\(ATTR\|WORD\|CHECK\)[A-Z_]*("\([a-z-]*\)".*/"\2"/p;
	s/.*\.key = "\([a-z-]*\)".*/"\1"/p; s/^\t{ "\([a-z0-9-]*\)", [0-9].*/"\1"/p' \
	"$top/userspace/lib/model.c" "$top/userspace/lib/match.c" \
	"$top/userspace/lib/values_option.c" |
	sort -u >"$dict"
printf '0%s' '{"midonet":1,"hosts":[{"name":"h"}],
"ip-sets":[{"name":"s","members":["10.0.0.0/8"]}],
"chains":[{"name":"c","rules":[{"match":{"src-set":"!s","proto":"tcp"},
"not":true,"action":"jump","chain":"d"},{"action":"drop"}]},{"name":"d"}],
"bridges":[{"name":"b","ports":[{"name":"p","dev":"e","host":"h",
"in-chain":"c","allowed-addresses":[{"mac":"02:00:00:00:00:01"}]},
{"name":"q","vlan":5,"peer":"a:p"}],"macs":[{"mac":"02:00:00:00:00:01",
"port":"p"}],"neighbours":[{"address":"::1","mac":"02:00:00:00:00:01"}]},
{"name":"a","ports":[{"name":"p"},{"name":"r","peer":"r:b"}]}],
"routers":[{"name":"r","ports":[{"name":"b","addresses":["10.0.0.1/24","::1"]},
{"name":"e","dev":"f"}],"routes":[{"dst":"0/0","port":"e",
"gateway":"10.0.0.2","metric":5},{"src":"fd00::/8","dst":"::/0",
"type":"reject"}],"neighbours":[{"address":"10.0.0.2",
"mac":"02:00:00:00:00:01","port":"e"}]}]}' >"$out/corpus/document"
printf '0%s' '{"midonet":1,"chains":[{"name":"in","rules":[
{"match":{"dst":"192.0.2.1"},"action":"dnat","target":"10.0.0.2"},
{"match":{"state":"established","direction":"return"},"action":"rev-snat",
"then":"return"},{"match":{"dst-rewritten":true,"icmp-data-src":"10.0.0.0/8",
"in-port":"r:p"},"action":"drop"}]},{"name":"out","rules":[
{"match":{"src":"10.0.0.0/8"},"action":"snat",
"target":"192.0.2.1:1024-65535","then":"continue"}]}],
"routers":[{"name":"r","in-chain":"in","out-chain":"out","ports":[
{"name":"p","addresses":["10.0.0.1/24"]}]}],
"load-balancers":[{"name":"l","router":"r","vips":[{"address":"192.0.2.9",
"port":80,"proto":"tcp","pool":"w","sticky":60}],"pools":[{"name":"w",
"admin-up":false,"health-check":{"type":"http","path":"/x","interval":9,
"timeout":1,"rise":3,"fall":4},"members":[{"address":"10.0.0.2","port":8080,
"weight":0}]}]}]}' >"$out/corpus/document-nat"
printf '0%s' '{"midonet":1,"bridges":[{"name":"b","dhcp":[{"subnet":"10.0.0.0/24",
"server":"10.0.0.1","gateway":"10.0.0.1","dns":["10.0.0.2"],"mtu":1400,
"lease":60,"routes":[{"dst":"10.9.0.0/16","gateway":"10.0.0.9"}],
"hosts":[{"mac":"02:00:00:00:00:01","address":"10.0.0.5","name":"n",
"options":{"ntp-servers":["10.0.0.7"],"222":"0x01","domain-search":"a.b",
"classless-routes":"0.0.0.0/0=10.0.0.1"}}]},{"subnet":"fd00::/64",
"mode":"slaac","hosts":[{"mac":"02:00:00:00:00:01","address":"fd00::5"}]}]}]}' \
	>"$out/corpus/document-dhcp"
id=00000000-0000-0000-0000-000000000001
printf '2%s' '{"device":"r","device-id":"'$id'","port":"b:p","port-id":"'$id'",
"proto":"tcp","forward":{"src":"10.0.0.1","dst":"10.0.0.2","src-port":1,
"dst-port":2,"icmp-id":null},"reply":{"src":"10.0.0.2","dst":"192.0.2.1",
"src-port":2,"dst-port":1024},"state":"syn-sent","answered":false,"age":1,
"expires":2,"snat-rule":"c:1","snat-rule-id":"'$id'"}' >"$out/corpus/conn"
for value in '10.0.0.1/8,10.0.0.2' '!80,443-445' '02:00:00:00:00:01=10.0.0.1' \
	'02:00:00:00:00:01/ff:ff:ff:00:00:00' 'S/SA,0x10' 'ipv6,0x88b5' \
	'192.0.2.1-192.0.2.9:1024-65535' '[2001:db8::1]-[2001:db8::2]:80' \
	'new,established' '!untracked' '[2001:db8::1]:80' '/status' 'http' \
	'first,later' 'mtu=1400' 'domain-search=a.b,c' '222=0x0102' '10.9.0.0/16=10.0.0.9' '5,none' 'true' '1024' '2001:db8::/32' '0/0' '10.0.0.1/24,2001:db8::1/64' 'blackhole'; do
	printf '1%s' "$value" >"$out/corpus/value-$(printf '%s' "$value" |
		cksum | cut -d' ' -f1)"
done

fuzz parsers corpus $((seconds - seconds / 3)) -max_len=4096 -dict="$dict"
