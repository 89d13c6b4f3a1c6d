#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The disk of ZooKeeper is full: what is in force stays, and goes on when there is room.
#
#	vm1 -- net0 -- vm2
. "$(dirname "$0")/../lib_zk.sh"

zk_servers 1
store=zk:$servers
full=$scratch/zk1/data
setup mount -t tmpfs -o size=16m none "$full"
echo 1 > "$full/myid"
echo preAllocSize=64 >> "$scratch/zk1/zoo.cfg"
zk_start 1
vm vm1 10.0.0.1/24
vm vm2 10.0.0.2/24
setup wait_for 60 zk_mode 1
setup midoctl -s "$store" batch - <<-END
	host add h1
	bridge add net0
	port add net0:vm1 dev vm1 host h1
	port add net0:vm2 dev vm2 host h1
END
daemon "$store"
setup midoctl -s "$store" wait --timeout 30

setup dd if=/dev/zero of="$full/filler" bs=1M count=15
dd if=/dev/zero of="$full/filler2" bs=4k > /dev/null 2>&1
awk 'BEGIN {
	printf "ip-set add s members 10.0.0.0"
	for (i = 1; i < 20000; i++)
		printf ",10.%d.%d.1", i / 256, i % 256
	print ""
}' > "$scratch/many"
check_fails "with the disk full a change does not go in" timeout 60 midoctl -s "$store" batch "$scratch/many"
check "packets flow" can_ping vm1 10.0.0.2
zk_kill 1
rm "$full/filler" "$full/filler2"
zk_start 1
setup wait_for 60 zk_mode 1
check "with room again it does" midoctl -s "$store" batch "$scratch/many"
check "and is in force" midoctl -s "$store" wait 2 --timeout 60
check_eq "as a whole" "$(json '.[0].members | length' ip-set list)" 20000
stop TERM
zk_kill 1
umount "$full"
