#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Members of pools are checked by the daemon from a device of its own, through the
# virtual network.
#
#	vm1 -- net1 -- r -- net2 -- s1
#	               '--- hc (mnhc0, the daemon's)
. "$(dirname "$0")/lib.sh"
need jq python3

vm vm1 10.0.1.2/24
vm s1 10.0.2.1/24 fd00:2::1/64
vm s2 10.0.2.2/24
gateway vm1 10.0.1.1
gateway s1 10.0.2.254 fd00:2::254
gateway s2 10.0.2.254
store=file:$scratch/store

# serve VM: HTTP at 80 (200, at /bad 500) and 81 (answers what is no HTTP), UDP at 53
cat > "$scratch/serve" <<-'END'
	import selectors, socket
	poll = selectors.DefaultSelector()
	def listen(family, port, what):
	    s = socket.socket(family, socket.SOCK_STREAM)
	    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
	    if family == socket.AF_INET6:
	        s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
	    s.bind(("", port))
	    s.listen(16)
	    poll.register(s, selectors.EVENT_READ, what)
	def http(s):
	    c = s.accept()[0]
	    asked = c.recv(4096)
	    bad = asked.startswith(b"GET /bad ") or b"\r\nHost: " not in asked
	    if asked:
	        c.send(b"HTTP/1.1 500 No\r\n\r\n" if bad else b"HTTP/1.1 200 OK\r\nContent-Length: 999999\r\n\r\nx")
	    c.close()
	def rubbish(s):
	    c = s.accept()[0]
	    c.send(b"220 hello\r\n\r\n")
	    c.close()
	for family in socket.AF_INET, socket.AF_INET6:
	    listen(family, 80, http)
	listen(socket.AF_INET, 81, rubbish)
	u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
	u.bind(("", 53))
	poll.register(u, selectors.EVENT_READ, lambda s: s.recvfrom(99))
	while True:
	    for key, _ in poll.select():
	        try:
	            key.data(key.fileobj)
	        except OSError:
	            pass
END
serve() {
	# shellcheck disable=SC2024
	ip netns exec "$(ns "$1")" python3 "$scratch/serve" > "$scratch/served.$1" 2>&1 &
	server=$!
	services="$services $server"
}

# said PATTERN: what the status says of the checks
said() {
	[[ $(subsystem health) =~ $1 ]]
}

# healths WANTED: of all members, in the order of the store
healths() {
	[ "$(json '[.[].health] | join(" ")' load-balancer member list)" = "$*" ]
}

serve s1
s1=$server
serve s2
check='interval 1 timeout 1 rise 1 fall 1'
setup midoctl -s "$store" batch - <<-END
	host add h1
	bridge add net1
	bridge add net2
	router add r
	port add net1:vm1 dev vm1
	port add net1:r
	port add r:n1 mac 02:00:00:00:01:01 addresses 10.0.1.1/24 peer net1:r
	port add net2:r
	port add r:n2 mac 02:00:00:00:02:01 addresses 10.0.2.254/24,fd00:2::254/64 peer net2:r
	port add net2:s1 dev s1
	port add net2:s2 dev s2
	load-balancer add lb router r
	load-balancer pool add lb a-http health-check http $check
	load-balancer pool add lb a6-http health-check http path /six $check
	load-balancer pool add lb b-bad health-check http path /bad $check
	load-balancer pool add lb c-tcp health-check tcp $check
	load-balancer pool add lb d-udp health-check udp $check
	load-balancer member add lb a-http 10.0.2.1:80
	load-balancer member add lb a-http 10.0.2.1:81
	load-balancer member add lb a6-http [fd00:2::1]:80
	load-balancer member add lb b-bad 10.0.2.1:80
	load-balancer member add lb c-tcp 10.0.2.1:80
	load-balancer member add lb c-tcp 10.0.2.1:82
	load-balancer member add lb c-tcp 10.0.2.2:80
	load-balancer member add lb c-tcp 10.0.2.77:80
	load-balancer member add lb d-udp 10.0.2.1:53
	load-balancer member add lb d-udp 10.0.2.1:54
	load-balancer vip add lb 10.0.9.9:80 proto tcp pool c-tcp
END
daemon "$store"
check "without a port of the daemon's, the status says so" wait_for 20 \
	said "warning: pool lb [a-z0-9-]+ is not checked: its router has no port with a device mnhc"
check_eq "nobody has looked" "$(json '[.[].health] | unique | join(" ")' load-balancer member list)" unknown

setup midoctl -s "$store" port add r:hc dev mnhc0 addresses 10.255.0.1/30,fd00:ff::1/126
check "who serves is up, who does not is down" wait_for 30 healths \
	up down up down up down up down up down
check "the status counts them" wait_for 10 said "5 of 5 pools checked here, 5 of 10 members down"
check_eq "its device is the port's" "$(port_state r:hc)" up
get() {
	in_vm vm1 curl -s -o "$scratch/got" -m 5 --fail http://10.0.9.9/
	# the server says more than it sends
	[ $? -eq 18 ]
}
check "connections go to who is up" get

kill -KILL "$s1"
check "a server that ends is down" wait_for 20 healths \
	down down down down down down up down down down
check "and gets no connection" get
g=$(json .generation status)
stop KILL
check_eq "a daemon that is killed leaves what it found out" \
	"$(json '[.[].health] | join(" ")' load-balancer member list)" \
	"down down down down down down up down down down"
serve s1
daemon "$store"
check "the next one looks again" wait_for 30 healths up down up down up down up down up down
check_eq "none of that is a change of the topology" "$(json .generation status)" "$g"

setup midoctl -s "$store" batch - <<-END
	load-balancer pool set lb d-udp health-check none
	port set r:hc addresses 10.255.1.1/31
END
check "who is not checked is unknown" wait_for 20 healths \
	up down down down up down up down unknown unknown
setup midoctl -s "$store" port del r:hc
check "without a way nobody is known" wait_for 20 healths \
	unknown unknown unknown unknown unknown unknown unknown unknown unknown unknown
gone() {
	[ ! -e /sys/class/net/mnhc0 ]
}
check "and the device goes" wait_for 10 gone
stop TERM
