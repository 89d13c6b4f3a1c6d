# SPDX-License-Identifier: GPL-2.0
"""P2, P3 (translated), P4b, P5b: VM - bridge - router - bridge - VM, four chains of ten rules, snat."""

import feed
import lab
import pktgen
from cases.forward import _medians, _path, _through, net, ratio
from cases.route import NEXT, NEXT_IP, Router
from contestants import Contestant, Drop, Midonet, OvsL2, Sink, present

# what sources are translated to
PUBLIC = "10.128.0.100"
TARGET = f"{PUBLIC}:1024-65535"
DESTINATIONS = [f"10.128.0.{n}" for n in range(16, 32)]
CHAINS = (("port set net0:vm", "in-chain"), ("router set r0", "in-chain"),
          ("router set r0", "out-chain"), ("port set net1:vm", "out-chain"))


def chain_lines(name, last):
    """ten rules; nothing that the first nine decide is sent"""
    lines = [f"chain add {name}"]
    lines += [f"rule add {name} proto udp dst-port {n + 1} drop" for n in range(8)]
    return lines + [f"rule add {name} src-port 1-1023 continue", f"rule add {name} {last}"]


class Translated(Router):
    name = "midonet"

    def up(self, devices):
        super().up(devices)
        lines = [f"neighbour add net1 {dst} mac {NEXT}" for dst in DESTINATIONS]
        for n, (what, side) in enumerate(CHAINS):
            snat = side == "out-chain" and "router" in what
            lines += chain_lines(f"c{n}", f"src 10.0.0.0/8 snat target {TARGET}" if snat
                                 else "src 10.0.0.0/8 accept")
            lines.append(f"{what} {side} c{n}")
        lab.sh("midoctl batch -", "\n".join(lines) + "\n")


def conntrack_room():
    """Two zones of a million connections, and a bucket for each two of them."""
    lab.write("/proc/sys/net/netfilter/nf_conntrack_max", "4194304")
    lab.write("/proc/sys/net/netfilter/nf_conntrack_buckets", "1048576")


class OvsNat(OvsL2):
    """Tracked in the zone of the bridge, tracked and translated in that of the router."""

    name = "ovs ct+nat"

    def up(self, devices):
        conntrack_room()
        lab.sh(f"ovs-dpctl add-dp bench {' '.join(devices[:2])}")
        ip = "eth(),eth_type(0x0800),ipv4(frag=no)"
        lab.sh("ovs-dpctl add-flows bench -", "\n".join((
            f"recirc_id(0),in_port(1),{ip} ct(commit,zone=1),recirc(1)",
            f"recirc_id(1),in_port(1),ct_state(-inv+trk),{ip} "
            f"ct(commit,zone=2,nat(src={PUBLIC}:1024-65535)),recirc(2)",
            f"recirc_id(2),in_port(1),ct_state(-inv+trk),{ip} "
            f"set(eth(src={lab.SRC},dst={NEXT})),set(ipv4(ttl=31)),2")) + "\n")

    def down(self):
        super().down()
        lab.sh("conntrack -F", check=False)


NFT = """
table ip bench {{
{flowtable}
{chains}
	chain forward {{
		type filter hook forward priority filter; policy accept;
{offload}
		jump c0
		jump c1
		jump c2
		jump c3
	}}
	chain nat {{
		type nat hook postrouting priority srcnat; policy accept;
		meta l4proto {{ tcp, udp }} ip saddr 10.0.0.0/8 snat to {public}:1024-65535
	}}
}}
"""


def ruleset(flowtable):
    rules = [f"\t\tudp dport {n + 1} drop" for n in range(8)]
    rules += ["\t\tth sport 1-1023 continue", "\t\tip saddr 10.0.0.0/8 return"]
    chains = [f"\tchain c{n} {{\n" + "\n".join(rules) + "\n\t}" for n in range(4)]
    table = ("\tflowtable ft {\n\t\thook ingress priority filter;\n"
             "\t\tdevices = { br0, br1 };\n\t}") if flowtable else ""
    return NFT.format(flowtable=table, chains="\n".join(chains), public=PUBLIC,
                      offload="\t\tmeta l4proto { tcp, udp } flow add @ft" if flowtable else "")


class Nftables(Contestant):
    """Two bridges of the kernel, its forwarding, nftables with the same rules."""

    name = "bridge+nft"
    flowtable = False

    def up(self, devices):
        lab.sh("ip -batch -", "\n".join((
            f"link add br0 address {lab.DST} type bridge", "link add br1 type bridge",
            f"link set {devices[0]} master br0", f"link set {devices[1]} master br1",
            "link set br0 up", "link set br1 up",
            "addr add 10.0.0.1/9 dev br0", "addr add 10.128.0.200/24 dev br1",
            f"addr add {PUBLIC}/32 dev br1",
            *(f"neigh add {dst} lladdr {NEXT} dev br1 nud permanent"
              for dst in (NEXT_IP, *DESTINATIONS)))) + "\n")
        lab.sh("bridge -batch -",
               f"fdb add {NEXT} dev {devices[1]} master static\n"
               f"fdb add {lab.SRC} dev {devices[0]} master static\n")
        lab.sh("nft -f -", ruleset(self.flowtable))
        conntrack_room()
        lab.write("/proc/sys/net/ipv4/ip_forward", "1")

    def down(self):
        lab.write("/proc/sys/net/ipv4/ip_forward", "0")
        lab.sh("nft flush ruleset; conntrack -F; ip link del br0 && ip link del br1",
               check=False)

    @classmethod
    def missing(cls):
        try:
            lab.sh("nft list ruleset")
        except lab.Failed as why:
            return str(why)
        return None


class Flowtable(Nftables):
    name = "bridge+nft+flowtable"
    flowtable = True


class Plain(Midonet):
    """What P1 measures, beside the others of this run."""

    name = "midonet p1"


ALL = (Translated, OvsNat, Nftables, Flowtable)


def p2(bench):
    path = _path()
    entries = [(c.name, c, _through(path, pktgen.flows(1))) for c in present(Drop, Plain, *ALL)]
    ns = _medians(bench, "veth, one flow, four chains and snat",
                  lab.rounds(entries, [path.ins, path.out], bench.rounds))
    bench.figure("P2", "vs-p1", ratio(ns, "midonet p1", "midonet"), ns)
    bench.figure("P2", "vs-ovs", ratio(ns, "ovs ct+nat", "midonet"), ns)
    bench.figure("P2", "vs-nft", ratio(ns, "bridge+nft", "midonet"), ns)
    bench.figure("P2", "vs-flowtable", ratio(ns, "bridge+nft+flowtable", "midonet"), ns)
    ns = net(bench, "net, one flow, four chains and snat", *ALL)
    bench.figure("P2", "net-vs-ovs", ratio(ns, "midonet", "ovs ct+nat"), ns)


def p3n(bench):
    path = _path()
    entries = [(c.name, c, _through(path, pktgen.flows(65536))) for c in present(Drop, *ALL)]
    ns = _medians(bench, "veth, 65 536 flows, four chains and snat",
                  lab.rounds(entries, [path.ins, path.out], bench.rounds))
    bench.figure("P3", "nat-vs-ovs", ratio(ns, "ovs ct+nat", "midonet"), ns)


def fresh(piece):
    """as pktgen.fresh(), to sixteen destinations"""
    return pktgen.fresh(piece) + (f"dst_min {DESTINATIONS[0]}", f"dst_max {DESTINATIONS[-1]}")


def p4b(bench):
    path = _path()
    entries = [(c.name, c, _through(path, fresh)) for c in present(Drop, *ALL[:3])]
    ns = _medians(bench, "veth, every packet a new connection with a binding",
                  lab.rounds(entries, [path.ins, path.out], bench.rounds))
    bench.figure("P4b", "vs-ovs", ratio(ns, "ovs ct+nat", "midonet"), ns)
    bench.figure("P4b", "vs-nft", ratio(ns, "bridge+nft", "midonet"), ns)


def p5b(bench):
    """The first packet of every connection, through chains and snat, of a cached one."""
    lab.add_dummy("d0", "d1")
    entries = [("build+free", Sink(), lambda c: feed.measure(c, "d0", "d1"))]
    for c in present(*ALL[:3]):
        entries += [(f"{c.name} established", c, lambda c: feed.measure(c, "d0", "d1")),
                    (f"{c.name} first", c, lambda c: feed.measure(c, "d0", "d1", mode="fresh"))]
    ns = _medians(bench, "net, four chains and snat",
                  lab.rounds(entries, ["d0", "d1"], bench.rounds))
    base = ns.pop("build+free")
    ns = {name: value - base for name, value in ns.items()}
    bench.figure("P5b", "first-vs-established",
                 ratio(ns, "midonet first", "midonet established"), ns)
    bench.figure("P5b", "first-vs-ovs", ratio(ns, "ovs ct+nat first", "midonet first"), ns)
