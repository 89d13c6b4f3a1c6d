#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Fuzz what reads documents and values, for a bounded time.
#
#	tests/fuzz/parsers.sh [SECONDS]		default 30

set -e

seconds=${1:-30}
top=$(cd "$(dirname "$0")/../.." && pwd -P)
out=$top/build/fuzz/parsers
mkdir -p "$out/corpus" "$out/found"

flags="$(pkg-config --cflags --libs libmnl jansson uuid) -lzookeeper_st"
# shellcheck disable=SC2086 # word splitting is meant
clang -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
	-D_GNU_SOURCE -I"$top/include/uapi" -I"$top/userspace/lib" \
	"$top/userspace/tests/fuzz/parsers_fuzz.c" "$top"/userspace/lib/*.c \
	-o "$out/parsers" $flags

# Where to begin: the words of the grammar, and a document with all of them.
dict=$out/words.dict
sed -n 's/.*\(ATTR\|WORD\|CHECK\)[A-Z_]*("\([a-z-]*\)".*/"\2"/p;
	s/.*\.key = "\([a-z-]*\)".*/"\1"/p' \
	"$top/userspace/lib/model.c" "$top/userspace/lib/match.c" |
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
	'first,later' '5,none' 'true' '1024' '2001:db8::/32' '0/0' '10.0.0.1/24,2001:db8::1/64' 'blackhole'; do
	printf '1%s' "$value" >"$out/corpus/value-$(printf '%s' "$value" |
		cksum | cut -d' ' -f1)"
done

exec "$out/parsers" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
	-max_len=4096 -dict="$dict" -artifact_prefix="$out/found/" \
	-print_final_stats=1 -verbosity=0 "$out/corpus"
