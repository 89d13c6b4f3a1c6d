# SPDX-License-Identifier: GPL-2.0
"""P1R, P4aR, P5R: forwarding through bridge, router, bridge; stateless."""

import feed
import lab
import pktgen
from cases.forward import _medians, _path, _through, net, ratio
from contestants import Contestant, Drop, Midonet, OvsL2, Sink, present

# whom the router sends to; nobody's address, as lab.DST
NEXT = "02:00:00:00:99:03"
NEXT_IP = "10.128.0.1"
# whom it sends back to
BACK = "02:00:00:00:99:04"


class Router(Midonet):
    """Bridge, router, bridge; the router's port has the MAC the generator sends to."""

    name = "midonet router"

    def up(self, devices):
        lab.sh("midoctl batch -", "\n".join((
            "bridge add net0", f"port add net0:vm dev {devices[0]}", "port add net0:up",
            "bridge add net1", f"port add net1:vm dev {devices[1]}", "port add net1:up",
            f"mac add net0 {lab.SRC} port vm", f"mac add net1 {NEXT} port vm",
            f"neighbour add net1 {NEXT_IP} mac {NEXT}", "router add r0",
            f"port add r0:a mac {lab.DST} addresses 10.0.0.1/9 peer net0:up",
            f"port add r0:b mac {BACK} addresses 10.128.0.2/24 peer net1:up")) + "\n")


class Chains(Router):
    """
    The same with a chain of ten rules on every port, c0 to c3 on the way; nothing they drop
    is sent. Further rules are lines of `extra`.
    """

    name = "midonet chains"

    def up(self, devices):
        super().up(devices)
        lines = []
        for chain, (port, side) in enumerate((("net0:vm", "in"), ("r0:a", "in"),
                                              ("r0:b", "out"), ("net1:vm", "out"))):
            lines.append(f"chain add c{chain}")
            lines += [f"rule add c{chain} proto udp dst-port {n + 1} drop" for n in range(8)]
            lines += [f"rule add c{chain} src-port 1-1023 continue",
                      f"rule add c{chain} src 10.0.0.0/8 accept",
                      f"port set {port} {side}-chain c{chain}"]
        lab.sh("midoctl batch -", "\n".join(lines + list(self.extra)) + "\n")


class Forwarding(Contestant):
    """Two bridges of the kernel, and its IPv4 forwarding between them."""

    name = "bridge+forward"

    def up(self, devices):
        lab.sh("ip -batch -", "\n".join((
            f"link add br0 address {lab.DST} type bridge", "link add br1 type bridge",
            f"link set {devices[0]} master br0", f"link set {devices[1]} master br1",
            "link set br0 up", "link set br1 up",
            "addr add 10.0.0.1/9 dev br0", "addr add 10.128.0.2/24 dev br1",
            f"neigh add {NEXT_IP} lladdr {NEXT} dev br1 nud permanent")) + "\n")
        lab.sh("bridge -batch -",
               f"fdb add {NEXT} dev {devices[1]} master static\n"
               f"fdb add {lab.SRC} dev {devices[0]} master static\n")
        lab.write("/proc/sys/net/ipv4/ip_forward", "1")

    def down(self):
        lab.write("/proc/sys/net/ipv4/ip_forward", "0")
        lab.sh("ip link del br0 && ip link del br1")


class OvsRouter(OvsL2):
    """One wildcard flow that sets what a router changes."""

    name = "ovs set-fields"

    def up(self, devices):
        lab.sh(f"ovs-dpctl add-dp bench {' '.join(devices[:2])}")
        lab.sh("ovs-dpctl add-flow bench 'in_port(1),eth(),eth_type(0x0800),"
               "ipv4(dst=10.128.0.0/255.255.255.0,frag=no)' "
               f"'set(eth(src={lab.SRC},dst={NEXT})),set(ipv4(ttl=31)),2'")


def p1r(bench):
    path = _path()
    entries = [(c.name, c, _through(path, pktgen.flows(1)))
               for c in present(Drop, Midonet, Router, OvsRouter, Forwarding)]
    ns = _medians(bench, "veth, one flow, routed",
                  lab.rounds(entries, [path.ins, path.out], bench.rounds))
    bench.figure("P1R", "vs-p1", ratio(ns, "midonet", "midonet router"), ns)
    bench.figure("P1R", "vs-ovs", ratio(ns, "ovs set-fields", "midonet router"), ns)
    bench.figure("P1R", "vs-forward", ratio(ns, "bridge+forward", "midonet router"), ns)
    ns = net(bench, "net, one flow, routed", Midonet, Router, OvsRouter, Forwarding)
    bench.figure("P1R", "net-vs-ovs", ratio(ns, "midonet router", "ovs set-fields"), ns)


def p4ar(bench):
    path = _path()
    entries = []
    for c in present(Drop, Router):
        entries += [(f"{c.name} p1", c, _through(path, pktgen.flows(1))),
                    (f"{c.name} new", c, _through(path, pktgen.fresh))]
    ns = _medians(bench, "veth, routed, every packet a new flow",
                  lab.rounds(entries, [path.ins, path.out], bench.rounds))
    bench.figure("P4aR", "vs-p1", ratio(ns, "midonet router p1", "midonet router new"), ns)


def p5r(bench):
    """The first packet of every flow, walked through five devices' worth of chains."""
    lab.add_dummy("d0", "d1")
    entries = [("build+free", Sink(), lambda c: feed.measure(c, "d0", "d1"))]
    for c in present(Chains):
        entries += [("established", c, lambda c: feed.measure(c, "d0", "d1")),
                    ("first", c, lambda c: feed.measure(c, "d0", "d1", mode="fresh"))]
    ns = _medians(bench, "net, routed, four chains of ten rules",
                  lab.rounds(entries, ["d0", "d1"], bench.rounds))
    base = ns.pop("build+free")
    ns = {name: value - base for name, value in ns.items()}
    bench.figure("P5R", "first-vs-established", ratio(ns, "first", "established"), ns)
