#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What a kernel refuses, a store refuses, in the same words; what a kernel takes,
# a store takes, and both have the same afterwards.
#
#	midoctl COMMAND
#	midoctl -s file:... COMMAND
. "$(dirname "$0")/lib.sh"
need jq

store=file:$scratch/topology

# same: for each line of standard input both say the same, and have the same status
same() {
	local line
	while IFS= read -r line; do
		case $line in
		"ok - "*) ok "${line#ok - }" ;;
		"not ok - "*) not_ok "${line#not ok - }" ;;
		*) echo "# $line" ;;
		esac
	done < <("$bin/words" "$store" 2>&1)
}

# together DESCRIPTION: both have the same document, ids and all
together() {
	midoctl export --ids > "$scratch/kernel.json"
	midoctl -s "$store" export --ids > "$scratch/store.json"
	check "$1" diff "$scratch/kernel.json" "$scratch/store.json"
}

# both: the batch of standard input is taken by both
both() {
	cat > "$scratch/batch"
	setup midoctl batch "$scratch/batch"
	setup midoctl -s "$store" batch "$scratch/batch"
}

both <<-END
	host add h1
	host add h2
	ip-set add s members 10.0.0.0/8,fd00::/8
	port-group add g
	bridge add b
	bridge add b2
	bridge add b3
	port add b:vm dev tap0 host h2
	port add b:up
	port add b:x
	port add b:y
	port add b2:x
	port add b2:y
	port add b3:x
	router add r
	router add r2
	port add r:net mac 02:00:00:00:00:aa addresses 10.0.0.1/24,fd00:1::1/64 peer b:up
	port add r:ext addresses 192.0.2.2/24
	port add r2:a mac 02:00:00:00:00:ab addresses 10.7.0.1/24
	route add r dst 0/0 port ext gateway 192.0.2.1
	chain add c
	chain add d
	chain add e
	rule add c src-set s accept
	rule add c jump d
	rule add c drop
	router set r in-chain c
	port set b:vm port-groups g
	mac add b 02:00:00:00:00:01 port vm
	neighbour add b 10.0.0.5 mac 02:00:00:00:00:01
	neighbour add r:ext 192.0.2.3 mac 02:00:00:00:00:02
	load-balancer add lb router r
	load-balancer pool add lb web
	load-balancer vip add lb 10.0.0.99:80 proto tcp pool web
	load-balancer member add lb web 10.0.0.5:8080
	link b:x b2:x
END
together "the same batch makes the same topology"
kept=$(sha256sum < "$scratch/topology")

same <<-END
	bridge add b
	port add b:vm
	port add nosuch:p
	bridge del nosuch
	chain del c
	chain del d
	ip-set del s
	host del h2
	port-group del g
	router del r
	load-balancer pool del lb web
	port add b3:z dev tap0 host h2
	port set b3:x tunnel-key 16777215
	port set b:vm vlan 5
	port set b:up dev tap9 host h2
	port set b:x addresses 10.9.0.1/24
	port set r:ext vlan 3
	port set r2:a peer b:up
	port set r:ext peer r:net
	port set b3:x peer b3:x
	port set b:y peer b:x
	link b:y b2:y
	port set r:ext addresses +10.0.0.7/25
	port set r:ext addresses +10.0.0.1/32
	port set r:ext addresses +192.0.2.1/32
	port set r:ext addresses +192.0.2.3/32
	port set r2:a addresses 224.0.0.1/24
	port set r2:a addresses 10.0.0.0/24
	port set r:ext addresses +10.0.0.99/32
	route add r dst 10.8.0.0/16 port net gateway 192.0.2.2
	route add r dst 0/0 port ext gateway 192.0.2.1
	route add r dst fd00::/8 port net gateway fe80::ff:fe00:aa
	route del r dst 10.0.0.0/24
	neighbour add r:ext 192.0.2.2 mac 02:00:00:00:00:02
	neighbour add r:ext 192.0.2.3 mac 02:00:00:00:00:03
	neighbour add b 224.0.0.1 mac 02:00:00:00:00:07
	neighbour add b 10.0.0.5 mac 02:00:00:00:00:07
	neighbour add b 10.0.0.1 mac 02:00:00:00:00:07
	neighbour add b fe80::ff:fe00:aa mac 02:00:00:00:00:07
	neighbour add b 10.0.0.99 mac 02:00:00:00:00:07
	neighbour del b 10.0.0.1
	neighbour del b 10.0.0.77
	mac add b 02:00:00:00:00:01 port x
	mac add b 02:00:00:00:00:aa port vm
	mac del b 02:00:00:00:00:aa
	mac del b 02:00:00:00:00:09
	mac del b 02:00:00:00:00:01 vlan 7
	rule add d jump c
	rule add d dst 192.0.2.9 snat target 10.0.0.9:1-2
	bridge set b2 in-chain nosuch
	rule add c pos 9 drop
	rule set c pos 9 drop
	load-balancer add lb2 router r
	load-balancer member add lb web 10.0.0.99:80
	load-balancer member add lb web [fd00::5]:80
	load-balancer member add lb web 10.0.0.5:8080
	load-balancer vip add lb 10.0.0.5:8080 proto tcp pool web
	load-balancer vip add lb 10.0.0.99:80 proto tcp pool web
	load-balancer vip add lb 192.0.2.2:80 proto tcp pool web
	load-balancer vip add lb [fd00::9]:80 proto tcp pool web
	ip-set set s members -10.1.0.0/16
	port set r2:a mac 02:00:00:00:00:aa peer b:y
END
check_eq "what is refused leaves the store alone" "$(sha256sum < "$scratch/topology")" "$kept"
together "and both as they were"

# a longer path than jumps may nest
for i in $(seq 0 15); do
	echo "chain add n$i"
	[ "$i" -eq 0 ] || echo "rule add n$((i - 1)) jump n$i"
done > "$scratch/nest"
both < "$scratch/nest"
same <<-END
	chain add m
	rule add n15 jump m
	rule add m jump n0
	chain add n16
	rule add m jump n16
END

# Within a transaction only the end counts.
both <<-END
	rule del c pos 2
	chain del d
	unlink b:x
	port del b2:x
	port add b2:x
	link b:y b2:x
	port set b2:y peer b:x
	port set b2:y peer none
	rule set c pos 1 to 2
	ip-set set s members 10.0.0.0/8,10.1.0.0/16
	load-balancer vip set lb 10.0.0.99:80 sticky 60
	port del r:net
	router del r2
END
together "after many changes at once"
midoctl -s "$store" export > "$scratch/doc"
sed -i 's/"accept"/"drop"/' "$scratch/doc"
same <<< "apply $scratch/doc"
together "after a document"
same <<< flush
together "after a flush"
