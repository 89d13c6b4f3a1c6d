#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Bad documents are refused whole, with the path of what is wrong.
. "$(dirname "$0")/lib.sh"
need jq

setup midoctl bridge add net0
g=$(json .generation status)

# bad PATTERN DOCUMENT
bad() {
	printf '%s' "$2" > "$scratch/doc"
	refused "$1" "$1" midoctl apply "$scratch/doc"
}

bad 'bridges\[0\].*colour' '{"midonet":1,"bridges":[{"name":"a","colour":"red"}]}'
bad 'bridges\[0\].ports\[1\].peer' '{"midonet":1,"bridges":[{"name":"a","ports":[{"name":"x"},{"name":"y","peer":"b:z"}]}]}'
bad 'bridges\[1\]' '{"midonet":1,"bridges":[{"name":"a"},{"name":"a"}]}'
bad 'chains\[0\].rules\[0\]' '{"midonet":1,"chains":[{"name":"c","rules":[{"match":{"proto":"quux"},"action":"drop"}]}]}'
bad 'chains\[0\].rules\[0\]' '{"midonet":1,"chains":[{"name":"c","rules":[{"action":"jump","chain":"nosuch"}]}]}'
bad 'chains\[' '{"midonet":1,"chains":[{"name":"c","rules":[{"action":"jump","chain":"d"}]},{"name":"d","rules":[{"action":"jump","chain":"c"}]}]}'
bad 'bridges\[0\].mac-age' '{"midonet":1,"bridges":[{"name":"a","mac-age":0}]}'
bad 'bridges\[0\].name' '{"midonet":1,"bridges":[{"name":"a b"}]}'
bad 'bridges\[0\].name' '{"midonet":1,"bridges":[{"name":""}]}'
bad 'ip-sets\[0\].members\[1\]' '{"midonet":1,"ip-sets":[{"name":"s","members":["10.0.0.0/8","10.0.0.0/33"]}]}'
bad 'bridges\[1\].ports\[0\].dev' '{"midonet":1,"bridges":[{"name":"a","ports":[{"name":"x","dev":"d"}]},{"name":"b","ports":[{"name":"x","dev":"d"}]}]}'
bad 'midonet' '{"midonet":2}'
bad 'routerz' '{"midonet":1,"routerz":[]}'
bad . '{"midonet":1,'
bad . '[]'
bad . "$(head -c 200000 /dev/zero | tr '\0' '[')"
head -c 10000000 /dev/zero | tr '\0' x > "$scratch/big"
printf '{"midonet":1,"bridges":[{"name":"%s"}]}' "$(cat "$scratch/big")" > "$scratch/doc"
refused "a name of 10 MB" 'bridges\[0\].name' midoctl apply "$scratch/doc"

check_eq "nothing was changed" "$(json .generation status)" "$g"
