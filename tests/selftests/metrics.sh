#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	file -- midonetd -- kernel: vm1 -- net0 -- vm2
#
# What midonetd says of itself: to Prometheus, to systemd, into a log.
. "$(dirname "$0")/lib.sh"
need jq curl python3

store=file:$scratch/topology
url=http://127.0.0.1:9476/metrics
vm vm1 10.0.0.1/24
vm vm2 10.0.0.2/24
setup midoctl -s "$store" batch - <<-END
	host add h1
	bridge add net0
	port add net0:vm1 dev vm1 host h1
	port add net0:vm2 dev vm2 host h1
	port add net0:gone dev nosuch host h1
	chain add deny
END
cat > "$scratch/conf" <<-END
	metrics = 127.0.0.1:9476
	log = json
END

# Who started it
python3 - "$scratch/notify" > "$scratch/notified" <<-'END' &
	import socket, sys
	s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
	s.bind(sys.argv[1])
	while True:
	    print(s.recv(4096).decode().replace("\n", " "), flush=True)
END
services=$!
setup wait_for 10 test -S "$scratch/notify"
NOTIFY_SOCKET=$scratch/notify WATCHDOG_USEC=1000000 daemon "$store" --config "$scratch/conf"
check "systemd is told that it works" wait_for 20 grep -q "READY=1" "$scratch/notified"
check "and what is in force" wait_for 20 grep -q "STATUS=Revision 1 of file:.* is in force" "$scratch/notified"
check "and that it is alive" wait_for 20 grep -q "WATCHDOG=1" "$scratch/notified"

# metric NAME: its value, as of the last look
look() {
	curl -sf --max-time 20 -D "$scratch/head" "$url" > "$scratch/metrics"
}
metric() {
	sed -n "s/^$1 //p" "$scratch/metrics"
}
check "Prometheus is answered" look
check "in its format" grep -qi '^content-type: text/plain; version=0.0.4' "$scratch/head"
check "which is well-formed" python3 - "$scratch/metrics" <<-'END'
	import re, sys
	kinds, seen = {}, set()
	for line in open(sys.argv[1]):
	    if m := re.fullmatch(r"# TYPE (\w+) (gauge|counter)\n", line):
	        assert m[1] not in kinds, line
	        kinds[m[1]] = m[2]
	    elif not line.startswith("# HELP "):
	        m = re.fullmatch(r'(\w+)(\{(\w+="([^"\\\n]|\\.)*",?)+\})? [0-9.e+]+\n', line)
	        assert m and m[1] in kinds and line.split()[0] not in seen, line
	        assert m[1].endswith("_total") == (kinds[m[1]] == "counter"), line
	        seen.add(line.rsplit(" ", 1)[0])
	assert len(seen) > 50
END
check_eq "the revision" "$(metric midonet_revision)" 1
check_eq "no lag" "$(metric midonet_store_lag)" 0
check_eq "objects" "$(metric 'midonet_objects{type="port"}') $(metric 'midonet_objects{type="bridge"}')" "3 1"
check_eq "ports" "$(metric 'midonet_ports{state="up"}') $(metric 'midonet_ports{state="no-device"}')" "2 1"
check_eq "limits" "$(metric 'midonet_table_limit{table="flows"}')" "$(sysctl -n net.midonet.flows_max)"
check_eq "no drops" "$(metric 'midonet_dropped_packets_total{reason="chain"}')" 0

# Things happen
setup midoctl -s "$store" batch - <<-END
	rule add deny drop
	port set net0:vm1 in-chain deny
END
setup midoctl -s "$store" wait --timeout 20
check "nothing passes" cannot_ping vm1 10.0.0.2
before=$(dropped chain)
setup look
drops=$(metric 'midonet_dropped_packets_total{reason="chain"}')
check_eq "the next revision" "$(metric midonet_revision)" 2
check "drops are counted" test "$before" -ge 1
# VMs speak when they like.
check "as midoctl does" test "$drops" -ge "$before" -a "$drops" -le "$(dropped chain)"
check "alerts ask for what there is" python3 - "$top/userspace/system/alerts.yml" "$scratch/metrics" <<-'END'
	import re, sys, yaml
	rules = yaml.safe_load(open(sys.argv[1]))["groups"][0]["rules"]
	names = set(re.findall(r"^# TYPE (midonet_\w+)", open(sys.argv[2]).read(), re.M))
	asked = {n for r in rules for n in re.findall(r"midonet_\w+", r["expr"])}
	assert asked and asked <= names, asked - names
	reasons = set(re.findall(r'reason="([\w-]+)"', open(sys.argv[2]).read()))
	for group in (m for r in rules for m in re.findall(r'reason=~"([^"]+)"', r["expr"])):
	    assert set(group.split("|")) <= reasons, group
END

# Who asks strangely
code() {
	curl -s -o /dev/null -w '%{http_code}' --max-time 20 "$@"
}
check_eq "nothing else is there" "$(code http://127.0.0.1:9476/etc/passwd)" 404
check_eq "nothing is taken" "$(code -d x=y $url)" 405
check_eq "a long address is refused" "$(code "$url$(printf '%020000d' 0)" | cut -c1)" 4
for _ in $(seq 30); do
	exec {fd}<> /dev/tcp/127.0.0.1/9476
	printf 'GET /metrics HTTP/1.1\r\nHost' >&"$fd"
	fds="${fds-} $fd"
done
check "who stops in the middle stops nobody" midoctl -s "$store" bridge add net1
check "the topology is kept in step" midoctl -s "$store" wait 3 --timeout 20
for fd in $fds; do
	exec {fd}<&-
done
check "and Prometheus is answered when they are gone" wait_for 20 look
check_eq "with the newest" "$(metric midonet_revision)" 3
stop
check "the end is told" grep -q STOPPING=1 "$scratch/notified"
check "each line of the log is an object" jq -se \
	'length >= 2 and all(.[]; .service == "midonetd" and .host == "h1" and (.time | length) == 24 and .level and .message)' \
	"$scratch/daemon"

# Only here
for address in 0.0.0.0:9476 192.0.2.1:9476 '[::]:9476' 9476 127.0.0.1:0 127.0.0.1:70000; do
	echo "metrics = $address" > "$scratch/conf"
	refused "not on $address" "is not 127.0.0.1:PORT" \
		midonetd --foreground --store "$store" --host h1 --config "$scratch/conf"
done
