#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Every network namespace has a topology of its own; permissions are those of
# its user namespace.
. "$(dirname "$0")/lib.sh"
need jq

setup midoctl bridge add here
other() { ip netns exec "$(ns other)" "$@"; }
setup ip netns add "$(ns other)"
vms="$vms $(ns other)"
check_eq "another namespace is empty" "$(other midoctl -j bridge list | jq length)" 0
setup other midoctl bridge add there
check_eq "and apart" "$(json 'map(.name) | join(",")' bridge list)" here
check_eq "-n works from outside" \
	"$(midoctl -j -n "$(ns other)" bridge list | jq -r '.[0].name')" there

unprivileged() { setpriv --reuid 65534 --clear-groups --bounding-set -all --inh-caps -all "$@"; }
refused "no capability, no dump" . unprivileged midoctl bridge list
check "root of a user namespace is root in its network namespace" \
	unshare --user --map-root-user --net midoctl bridge add mine
for i in $(seq 20); do
	unshare --net midoctl batch - <<-E || break
		bridge add a
		bridge add b
		port add a:b
		port add b:a peer a:b
		chain add c
		rule add c proto tcp drop
	E
done
check_eq "namespaces die with what they hold" "$i" 20
