#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1 -- r0 (snat) -- vm2
#
# midonet-reload puts another module in the place of the one that runs: the topology, the
# name of the host and connections stay.
. "$(dirname "$0")/lib.sh"
need jq ping nc
[ -n "${MN_MODULE-}" ] || skip_all "the module is not known here"

vm vm1 10.0.1.1/24
vm vm2 10.0.2.1/24
gateway vm1 10.0.1.254
gateway vm2 10.0.2.254
setup midoctl batch - <<-END
	host add h1
	router add r0
	port add r0:a dev vm1 addresses 10.0.1.254/24
	port add r0:b dev vm2 addresses 10.0.2.254/24
	chain add nat
	rule add nat src 10.0.1.0/24 snat target 10.0.2.254:20000-29999
	router set r0 out-chain nat
END
setup midoctl host set-local h1
setup can_ping vm1 10.0.2.1

# A connection that never ends; both sides speak.
talk() {
	while echo tick && read -rt 0.2; [ $? -gt 128 ]; do :; done < <(sleep 600)
}
export -f talk
in_vm vm2 bash -c "talk | nc -l 80" > "$scratch/got1" &
services="$services $!"
wait_for 10 in_vm vm2 sh -c "ss -ltn | grep -q :80"
in_vm vm1 bash -c "talk | nc 10.0.2.1 80" > "$scratch/got2" &
services="$services $!"
lines() { [ "$(wc -l < "$scratch/got1")" -ge "$1" ] && [ "$(wc -l < "$scratch/got2")" -ge "$2" ]; }
more() { wait_for 20 lines $(($(wc -l < "$scratch/got1") + 4)) $(($(wc -l < "$scratch/got2") + 4)); }
check "a connection that is translated" more
translated() { midoctl -j conn list proto tcp | jq -r '.[0].reply | "\(.dst):\(."dst-port")"'; }
was=$(translated)
before=$(midoctl export --ids | sha256sum)

check "the module is replaced" "$top/userspace/system/midonet-reload" "$MN_MODULE"
check_eq "by one that knows the topology" "$(midoctl export --ids | sha256sum)" "$before"
check_eq "and this host" "$(json .host status)" h1
check "ports come up" midoctl status --wait 10
check "the connection goes on in both directions" more
check_eq "translated as before" "$(translated)" "$was"
check "others can begin" can_ping vm1 10.0.2.1
check_fails "who is not root cannot" setpriv --reuid 65534 --clear-groups "$top/userspace/system/midonet-reload"
