# SPDX-License-Identifier: GPL-2.0
# ZooKeeper as it is, on the loopback of the hypervisor. Source it instead of
# lib.sh:
#
#	. "$(dirname "$0")/lib_zk.sh"

. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
# Nothing here means anything without it, so its absence is a failure, not a skip.
setup command -v jq
setup command -v java
setup test -e /usr/share/java/zookeeper.jar

# The client leaves out IPv4 where there is IPv6, but of IPv4 only 127.0.0.1.
ip addr add 127.0.0.2/8 dev lo

zk_pids=
# zk_end: no server is left
zk_end() {
	local pid
	for pid in $zk_pids; do
		kill -KILL "$pid"
		wait "$pid"
	done 2> /dev/null
}
cleanup_zk() {
	zk_end
	finish
}
trap cleanup_zk EXIT

# zk_servers N: how many there will be; server I is at port 2180 + I
zk_servers() {
	local i
	servers=
	for i in $(seq "$1"); do
		mkdir -p "$scratch/zk$i/data"
		echo "$i" > "$scratch/zk$i/data/myid"
		# sessions end quickly, so that tests do
		cat > "$scratch/zk$i/zoo.cfg" <<-END
			tickTime=500
			initLimit=40
			syncLimit=20
			minSessionTimeout=3000
			maxSessionTimeout=3000
			dataDir=$scratch/zk$i/data
			clientPort=$((2180 + i))
			clientPortAddress=127.0.0.1
			admin.enableServer=false
			4lw.commands.whitelist=*
			$([ "$1" -eq 1 ] || for j in $(seq "$1"); do
				echo "server.$j=127.0.0.1:$((2880 + j)):$((3880 + j))"
			done)
		END
		servers=$servers${servers:+,}127.0.0.1:$((2180 + i))
	done
}

# zk_start I: start server I
zk_start() {
	java -Xmx96m -Xss256k -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto \
		-cp /usr/share/java/zookeeper.jar \
		org.apache.zookeeper.server.quorum.QuorumPeerMain \
		"$scratch/zk$1/zoo.cfg" > "$scratch/zk$1/log" 2>&1 &
	eval "zk_pid$1=$!"
	zk_pids="$zk_pids $!"
}

# zk_kill I: let it die
zk_kill() {
	eval "kill -KILL \$zk_pid$1; wait \$zk_pid$1 2> /dev/null"
	# how it ended is known
	return 0
}

# zk_mode I: leader, follower, standalone; fails if it does not serve
zk_mode() {
	local line mode=
	{ exec 7<> "/dev/tcp/127.0.0.1/$((2180 + $1))"; } 2> /dev/null || return 1
	echo srvr >&7
	while IFS= read -t 2 -r line <&7; do
		case $line in
		Mode:*) mode=${line#Mode: } ;;
		esac
	done
	exec 7>&-
	[ -n "$mode" ] && echo "$mode"
}
