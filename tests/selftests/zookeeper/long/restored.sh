#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A backup of ZooKeeper is put back: a kernel that was further on keeps what it has,
# until it is let go.
#
#	vm1 -- net0 -- vm2
. "$(dirname "$0")/../lib_zk.sh"

zk_servers 1
store=zk:$servers
refused "without a server nothing is changed" "zk:127.0.0.1:2181/midonet/v1: no server answers" \
	timeout 60 midoctl -s "$store" bridge add nope
zk_start 1
setup wait_for 60 zk_mode 1
vm vm1 10.0.0.1/24
vm vm2 10.0.0.2/24
setup midoctl -s "$store" batch - <<-END
	host add h1
	bridge add net0
	port add net0:vm1 dev vm1 host h1
	port add net0:vm2 dev vm2 host h1
END
daemon "$store"
setup midoctl -s "$store" wait --timeout 30

zk_kill 1
cp -r "$scratch/zk1/data" "$scratch/backup"
zk_start 1
setup wait_for 60 zk_mode 1
midoctl -s "$store" bridge add lost || not_ok "setup: a bridge"
setup midoctl -s "$store" wait 2 --timeout 60
zk_kill 1
rm -rf "$scratch/zk1/data"
cp -r "$scratch/backup" "$scratch/zk1/data"
zk_start 1
setup wait_for 60 zk_mode 1
check "a store that was set back is refused" wait_for 90 \
	store_says "error +.*at revision 1, but was at 2 already"
check_eq "the kernel keeps what it had" "$(json 'map(select(.name == "lost")) | length' bridge list)" 1
# ... and goes on as if nothing had been
midoctl -s "$store" bridge add other || not_ok "setup: a bridge"
midoctl -s "$store" bridge add another || not_ok "setup: a bridge"
sleep 4
check "also when its numbers are higher again" store_says "error +.*another history"
stop TERM
setup midoctl release
daemon "$store"
check "it is taken when the kernel was let go" wait_for 60 store_says "ok +.*revision 3"
check_eq "as it is" "$(json 'map(select(.name == "lost")) | length' bridge list)" 0
check "packets flow" can_ping vm1 10.0.0.2
stop TERM
