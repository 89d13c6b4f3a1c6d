#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The demonstration, run inside a test kernel by `make demo`. It is a story: each
# step says what it is about to show, shows the command, then the result. A step
# that does not show what it should ends it with an error.
#
#	web --.                    .-- db
#	       red === (link) === blue
#	app --'

set -u
bold=$(tput bold 2> /dev/null || true)
plain=$(tput sgr0 2> /dev/null || true)

say() {
	printf '\n%s\n' "$*"
}

run() {
	printf '%s    # %s%s\n' "$bold" "${*/#in_vm/ip netns exec}" "$plain"
	"$@" 2>&1 | sed 's/^/    /'
	return "${PIPESTATUS[0]}"
}

must() {
	run "$@" && return
	printf '\nThe demonstration failed at: %s\n' "$*" >&2
	exit 1
}

must_fail() {
	run "$@" || return 0
	printf '\nThe demonstration failed, this should not have worked: %s\n' "$*" >&2
	exit 1
}

vm() {
	ip netns add "$1"
	ip link add "tap-$1" type veth peer name eth0 netns "$1"
	ip link set "tap-$1" up
	ip -n "$1" link set lo up
	ip -n "$1" link set eth0 address "$3" up
	ip -n "$1" addr add "$2/24" dev eth0
}

in_vm() {
	ip netns exec "$@"
}

say "== 1. A hypervisor with three VMs =="
say "Three network namespaces stand for three VMs. Each has an eth0; its other end is
a tap-NAME device of the hypervisor, which nothing connects so far."
vm web 10.0.0.1 02:00:00:00:00:01
vm app 10.0.0.2 02:00:00:00:00:02
vm db 10.0.0.3 02:00:00:00:00:03
run ip -br link show type veth
must midoctl status

say "== 2. A virtual network =="
say "Two virtual bridges, red and blue, linked to each other. They live in the kernel of
this hypervisor; the whole change is one transaction."
cat > /tmp/network <<-E
	bridge add red
	bridge add blue
	port add red:web dev tap-web mac 02:00:00:00:00:01
	port add red:app dev tap-app
	port add blue:db dev tap-db
	port add red:blue
	port add blue:red peer red:blue
E
run cat /tmp/network
must midoctl batch /tmp/network
must midoctl show

say "== 3. Traffic =="
say "web reaches app on the same bridge, and db behind the link. The first packet counts:
there is no upcall, it is forwarded by the kernel that received it."
must in_vm web ping -c 3 -i 0.2 10.0.0.2
must in_vm web ping -c 3 -i 0.2 10.0.0.3
say "A TCP transfer from web to db; segments stay whole on the way."
in_vm db iperf3 -s -1 -D > /dev/null
sleep 0.5
must in_vm web iperf3 -c 10.0.0.3 -t 2 -f g

say "== 4. What the kernel knows now =="
must midoctl mac list
say "The flow table: what was walked once through the virtual topology is remembered, with as
few header fields as the walk depended on."
must midoctl flow list

say "== 5. A firewall =="
say "db shall be reachable by app, not by web. One chain, on the way out to db:"
cat > /tmp/firewall <<-E
	ip-set add apps members 10.0.0.2
	chain add db-out
	rule add db-out ethertype arp accept
	rule add db-out src-set apps accept
	rule add db-out drop
	port set blue:db out-chain db-out
E
run cat /tmp/firewall
must midoctl batch /tmp/firewall
must in_vm app ping -c 2 -i 0.2 10.0.0.3
say "It holds at once, also for the flow that was cached a moment ago:"
must_fail in_vm web ping -c 2 -i 0.2 -W 1 10.0.0.3

say "== 6. Why? =="
say "Every drop has a reason and a place."
must midoctl drops
say "And any packet can be traced, by the very code that forwards, without sending it:"
must midoctl trace red:web src 10.0.0.1 dst 10.0.0.3 hw-dst 02:00:00:00:00:03 proto tcp dst-port 5432
must midoctl stats rule

say "== 7. Routers: two tenants with the same addresses =="
say "acme and zeta chose the same addresses. Each has two bridges and a router of its own, which
lead to the provider's router, edge; that has an uplink to the world, whose MTU is 1400."
for tenant in acme zeta; do
	n=$([ "$tenant" = acme ] && echo 1 || echo 2)
	vm "$tenant-a" 10.1.0.2 "02:00:00:00:0$n:0a"
	vm "$tenant-b" 10.2.0.2 "02:00:00:00:0$n:0b"
	ip -n "$tenant-a" route add default via 10.1.0.1
	ip -n "$tenant-b" route add default via 10.2.0.1
done
vm world 198.51.100.1 02:00:00:00:00:ff
ip link set tap-world mtu 1400
ip -n world link set eth0 mtu 1400
ip -n world route add 10.1.0.0/16 via 198.51.100.2
{
	echo "router add edge"
	echo "port add edge:up dev tap-world addresses 198.51.100.2/24"
	n=0
	for tenant in acme zeta; do
		n=$((n + 1))
		cat <<-E
			bridge add $tenant-1
			bridge add $tenant-2
			port add $tenant-1:a dev tap-$tenant-a
			port add $tenant-2:b dev tap-$tenant-b
			port add $tenant-1:up
			port add $tenant-2:up
			router add $tenant
			port add $tenant:one addresses 10.1.0.1/24 peer $tenant-1:up
			port add $tenant:two addresses 10.2.0.1/24 peer $tenant-2:up
			port add $tenant:edge addresses 169.254.$n.2/30
			port add edge:$tenant addresses 169.254.$n.1/30 peer $tenant:edge
			route add $tenant dst 0/0 port edge gateway 169.254.$n.1
		E
	done
	echo "route add edge dst 10.1.0.0/16 port acme gateway 169.254.1.2"
} > /tmp/tenants
must midoctl batch /tmp/tenants
must midoctl route list edge
say "Both ping 10.2.0.2, and each reaches its own: nobody's MAC but the router's is seen, but the
answer comes from another VM. The first packet counts here, too: it waits in the kernel while
the router asks for the next hop's MAC."
must in_vm acme-a ping -c 2 -i 0.2 10.2.0.2
must in_vm zeta-a ping -c 2 -i 0.2 10.2.0.2
must midoctl neighbour list
say "From acme to the world: two routers, one hop for the hypervisor. The routers answer like
any other, and the path's MTU is found."
must_fail in_vm acme-a ping -c 1 -W 1 -M do -s 1450 198.51.100.1
must in_vm acme-a tracepath -n 198.51.100.1
say "A packet that may be cut is cut, and arrives:"
must in_vm acme-a ping -c 1 -W 2 -M dont -s 3000 198.51.100.1
say "The trace names the routes, the next hops and what the packet looks like on its way:"
must midoctl trace acme-1:a src 10.1.0.2 dst 198.51.100.1 proto tcp dst-port 443

say "== 8. An application: security groups, translation, a load balancer =="
say "shop has two web servers, an application server and a data base, each tier on a bridge of its
own behind router shop, whose uplink leads to inet. Security groups say who may talk to whom: the
answers of a connection, and what is listed; the rest is rejected."
for host in web1:1.11 web2:1.12 shop-app:2.11 shop-db:3.11; do
	name=${host%:*} addr=10.8.${host#*:}
	vm "$name" "$addr" "02:00:00:08:0$(echo "${host#*:}" | tr . :)"
	ip -n "$name" route add default via "${addr%.*}.1"
done
vm inet 203.0.113.1 02:00:00:00:00:fe
cat > /tmp/shop <<-E
	ip-set add webs members 10.8.1.11,10.8.1.12
	ip-set add shop-apps members 10.8.2.11
	chain add sg-web
	rule add sg-web state established,related,untracked accept
	rule add sg-web proto tcp dst-port 80 accept
	rule add sg-web reject
	chain add sg-app
	rule add sg-app state established,related,untracked accept
	rule add sg-app proto tcp dst-port 80 src-set webs accept
	rule add sg-app proto icmp src 203.0.113.0/24 accept
	rule add sg-app reject
	chain add sg-db
	rule add sg-db state established,related,untracked accept
	rule add sg-db proto tcp dst-port 80 src-set shop-apps accept
	rule add sg-db reject
	bridge add web-net
	bridge add app-net
	bridge add db-net
	port add web-net:web1 dev tap-web1 out-chain sg-web
	port add web-net:web2 dev tap-web2 out-chain sg-web
	port add app-net:app dev tap-shop-app out-chain sg-app
	port add db-net:db dev tap-shop-db out-chain sg-db
	port add web-net:up
	port add app-net:up
	port add db-net:up
	router add shop
	port add shop:web addresses 10.8.1.1/24 peer web-net:up
	port add shop:app addresses 10.8.2.1/24 peer app-net:up
	port add shop:db addresses 10.8.3.1/24 peer db-net:up
	port add shop:ext dev tap-inet addresses 203.0.113.2/24,203.0.113.10/32
	chain add shop-in
	rule add shop-in dst 203.0.113.10 dnat target 10.8.2.11
	chain add shop-out
	rule add shop-out out-port shop:ext src 10.8.2.11 snat target 203.0.113.10
	rule add shop-out out-port shop:ext src 10.8.0.0/16 snat target 203.0.113.2:1024-65535
	router set shop in-chain shop-in out-chain shop-out
	load-balancer add front router shop
	load-balancer pool add front web
	load-balancer member add front web 10.8.1.11:80
	load-balancer member add front web 10.8.1.12:80
	load-balancer vip add front 203.0.113.80:80 proto tcp pool web
E
run cat /tmp/shop
must midoctl batch /tmp/shop
cat > /tmp/who.py <<-E
	import http.server, sys
	class Who(http.server.BaseHTTPRequestHandler):
	    def do_GET(self):
	        text = f"{sys.argv[1]} saw {self.client_address[0]}\n".encode()
	        self.send_response(200)
	        self.send_header("Content-Length", str(len(text)))
	        self.end_headers()
	        self.wfile.write(text)
	    def log_message(self, *_):
	        pass
	http.server.HTTPServer(("", 80), Who).serve_forever()
E
for name in web1 web2 shop-app shop-db inet; do
	ip netns exec "$name" python3 /tmp/who.py "$name" &
done
for name in web1 web2 shop-app shop-db inet; do
	for _ in $(seq 100); do
		in_vm "$name" curl -s -m 1 -o /dev/null http://127.0.0.1/ && break
		sleep 0.1
	done
done
say "From inet to the VIP, which nobody has: the load balancer chooses a web server for every
connection. Both see the client's own address."
for _ in 1 2 3 4 5 6; do
	must in_vm inet curl -s -m 5 http://203.0.113.80/
done
say "The tiers: web to app, app to db, and each of them to the world, which sees the uplink's
address, or the floating IP that app has."
must in_vm web1 curl -s -m 5 http://10.8.2.11/
must in_vm shop-app curl -s -m 5 http://10.8.3.11/
must in_vm web1 curl -s -m 5 http://203.0.113.1/
must in_vm shop-app curl -s -m 5 http://203.0.113.1/
must in_vm inet ping -c 1 -W 2 203.0.113.10
must midoctl conn list proto tcp
must midoctl nat list
say "A web server is drained: new connections go to the other one."
must midoctl load-balancer member set front web 10.8.1.11:80 admin-up false
for _ in 1 2 3; do
	must in_vm inet curl -s -m 5 http://203.0.113.80/
done
say "web1 is not supposed to talk to db, and is told so at once. The trace says who refuses it; it
would tell, too, which connection and which binding a packet would make, and makes none."
must_fail in_vm web1 curl -sS -m 5 http://10.8.3.11/
must midoctl trace web-net:web1 src 10.8.1.11 dst 10.8.3.11 proto tcp dst-port 80 tcp-flags s
must midoctl trace web-net:web1 src 10.8.1.11 dst 203.0.113.1 proto tcp src-port 4000 dst-port 80 tcp-flags s

say "== 9. Three hosts =="
say "hyp1, hyp2 and edge are namespaces that stand for three machines; the switch between them is
one more virtual bridge here. The shop's VMs move there, two to each hypervisor; inet is behind
edge. All hosts are told the same network: where a port is, and by which key others send to it.
What the VMs' addresses are is known, so nobody has to ask.

	web1 --.                              .-- web2
	        hyp1 === underlay, VXLAN === hyp2
	app  --'              |               '-- db
	                     edge -- inet"
# their MTU leaves room for the tunnel
{
	echo "bridge add underlay"
	for host in hyp1 hyp2 edge; do
		echo "port add underlay:$host dev under-$host"
	done
} > /tmp/underlay
n=0
for host in hyp1 hyp2 edge; do
	n=$((n + 1))
	ip netns add "$host"
	ip link add "under-$host" mtu 1550 type veth peer name eth0 mtu 1550 netns "$host"
	ip link set "under-$host" up
	ip -n "$host" link set lo up
	ip -n "$host" link set eth0 up
	ip -n "$host" addr add "192.0.2.$n/24" dev eth0
done
must midoctl batch /tmp/underlay
for where in web1:hyp1 shop-app:hyp1 web2:hyp2 shop-db:hyp2 inet:edge; do
	ip link set "tap-${where%:*}" netns "${where#*:}"
	ip -n "${where#*:}" link set "tap-${where%:*}" up
	ip -n "${where%:*}" neigh flush all
done
ip -n inet route add 10.8.0.0/16 via 203.0.113.2
cat > /tmp/hosts <<-E
	host add hyp1
	host add hyp2
	host add edge
	tunnel-zone add dc encap vxlan
	tunnel-zone member add dc hyp1 address 192.0.2.1
	tunnel-zone member add dc hyp2 address 192.0.2.2
	tunnel-zone member add dc edge address 192.0.2.3
	bridge add web-net
	bridge add app-net
	bridge add db-net
	port add web-net:web1 host hyp1 dev tap-web1 tunnel-key 1
	port add web-net:web2 host hyp2 dev tap-web2 tunnel-key 2
	port add app-net:app host hyp1 dev tap-shop-app tunnel-key 3
	port add db-net:db host hyp2 dev tap-shop-db tunnel-key 4
	port add web-net:up
	port add app-net:up
	port add db-net:up
	router add shop
	port add shop:web addresses 10.8.1.1/24 peer web-net:up mac 02:00:00:08:01:01
	port add shop:app addresses 10.8.2.1/24 peer app-net:up mac 02:00:00:08:02:01
	port add shop:db addresses 10.8.3.1/24 peer db-net:up mac 02:00:00:08:03:01
	port add shop:ext host edge dev tap-inet tunnel-key 5 addresses 203.0.113.2/24 mac 02:00:00:08:00:01
	mac add web-net 02:00:00:08:01:11 port web1
	mac add web-net 02:00:00:08:01:12 port web2
	mac add app-net 02:00:00:08:02:11 port app
	mac add db-net 02:00:00:08:03:11 port db
	neighbour add shop:web 10.8.1.11 mac 02:00:00:08:01:11
	neighbour add shop:web 10.8.1.12 mac 02:00:00:08:01:12
	neighbour add shop:app 10.8.2.11 mac 02:00:00:08:02:11
	neighbour add shop:db 10.8.3.11 mac 02:00:00:08:03:11
	neighbour add shop:ext 203.0.113.1 mac 02:00:00:00:00:fe
E
run cat /tmp/hosts
for host in hyp1 hyp2 edge; do
	must midoctl -n "$host" batch /tmp/hosts
	must midoctl -n "$host" host set-local "$host"
done
must midoctl -n hyp1 tunnel-zone show dc
say "Each tier reaches the next one. app and db are on different hosts, web1 and web2 are on one
bridge: the first packet counts here, too."
must in_vm web1 ping -c 2 -i 0.2 10.8.1.12
must in_vm web1 curl -s -m 5 http://10.8.2.11/
must in_vm shop-app curl -s -m 5 http://10.8.3.11/
must in_vm web2 curl -s -m 5 http://10.8.2.11/
say "The world is behind edge; inet reaches the VMs where they are. No host does more than its part:
hyp1 has simulated bridge, router and uplink when it sends to edge, which only lets out."
must in_vm web1 curl -s -m 5 http://203.0.113.1/
must in_vm inet curl -s -m 5 http://10.8.3.11/
must midoctl -n hyp1 trace app-net:app src 10.8.2.11 dst 10.8.3.11 proto tcp src-port 4000 dst-port 80
must midoctl -n hyp1 flow list
must midoctl -n hyp1 stats tunnel-zone-member

say "== 10. The document =="
say "All that this kernel itself holds is one document that can be kept, compared and applied again."
must midoctl export
say "That was the demonstration. To go on by hand, in this kernel:

    make shell

then for instance: midoctl show; midoctl --help; man Documentation/man/midoctl.8"
