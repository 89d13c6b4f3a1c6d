#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The kernel's own netlink client drives the module from our specification: the
# specification is what the module does.
. "$(dirname "$0")/lib.sh"
need jq

cache=${MIDONET_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/midonet}
cli=$(ls "$cache"/src/*/tools/net/ynl/pyynl/cli.py 2> /dev/null | tail -1)
[ -n "$cli" ] || skip_all "no kernel source with tools/net/ynl/pyynl in $cache/src"
/usr/bin/python3 -c 'import yaml, jsonschema' 2> /dev/null ||
	skip_all "python3-yaml or python3-jsonschema is not installed"

export PYTHONDONTWRITEBYTECODE=1
ynl() {
	/usr/bin/python3 "$cli" --spec "$top/Documentation/netlink/specs/midonet.yaml" \
		--schema "$(dirname "$cli")/../../../../Documentation/netlink/genetlink.yaml" \
		--output-json "$@"
}
b=000000000000400080000000000000b1
p=000000000000400080000000000000c1

check "the specification is valid and status-get works" ynl --do status-get --json '{}'
check "bridge-new" ynl --do bridge-new --json "{\"id\": \"$b\", \"name\": \"net0\", \"mac-age\": 77}"
check "port-new" ynl --do port-new --json "{\"id\": \"$p\", \"name\": \"a\", \"parent\": \"$b\"}"
check_eq "midoctl sees it" "$(json '.[0].name' port list)" net0:a
ynl --dump bridge-get > "$scratch/dump"
check_eq "bridge-get dumps it" "$(jq -r '.[0].name' "$scratch/dump")" net0
check_eq "with its attributes" "$(jq -r '.[0]["mac-age"]' "$scratch/dump")" 77
ynl --dump port-get > "$scratch/dump"
check_eq "enums have names" "$(jq -r '.[0].state' "$scratch/dump")" unplugged
check_fails "a value out of range is refused" \
	ynl --do bridge-set --json "{\"id\": \"$b\", \"mac-age\": 0}"
check_fails "an attribute that does not belong is refused" \
	ynl --do bridge-set --json "{\"id\": \"$b\", \"tunnel-key\": 5}"
check "bridge-del" ynl --do bridge-del --json "{\"id\": \"$b\"}"
check_eq "with all it contains" "$(json length port list)" 0
