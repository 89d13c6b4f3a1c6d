# SPDX-License-Identifier: GPL-2.0
"""The bars: what each figure has to reach, and how a figure is judged."""

# (case, what): (comparison, bar, what the figure is)
BARS = {
    ("P1", "vs-ovs"): (">=", 1.45, "L2, one flow: packets a second, of OVS"),
    ("P1", "vs-floor"): (">=", 0.87, "L2, one flow: packets a second, of the floor"),
    ("P1", "net-vs-ovs"): ("<=", 0.55, "L2, one flow: net ns, of OVS (goal 0.45)"),
    ("P2", "vs-p1"): (">=", 0.93, "four chains, snat, one flow: packets a second, of P1"),
    ("P2", "vs-ovs"): (">=", 2.8, "the same, of OVS with two zones and nat"),
    ("P2", "net-vs-ovs"): ("<=", 0.35, "the same: net ns, of OVS with two zones and nat"),
    ("P2t", "send-vs-ovs"): ("<=", 0.5, "L2 to another host by VXLAN: net ns, of OVS"),
    ("P2t", "receive-vs-ovs"): ("<=", 0.5, "L2 from another host by VXLAN: net ns, of OVS"),
    ("P3", "nat-vs-ovs"): (">=", 1.4, "as P2, 65 536 flows: packets a second, of OVS"),
    ("P4b", "vs-ovs"): (">=", 1.5, "every packet a connection and a binding: of OVS"),
    ("P5b", "first-vs-established"): ("<=", 15, "four chains, snat: first packet, net ns (goal 8)"),
    ("P3", "vs-ovs"): (">=", 1.4, "L2, 65 536 flows: packets a second, of OVS"),
    ("P4a", "vs-p1"): (">=", 0.9, "L2, every packet a new flow: packets a second, of P1"),
    ("P1R", "vs-p1"): (">=", 0.95, "bridge, router, bridge: packets a second, of P1"),
    ("P1R", "vs-ovs"): (">=", 1.45, "the same, of OVS that sets the fields"),
    ("P1R", "net-vs-ovs"): ("<=", 0.55, "the same: net ns, of OVS that sets the fields"),
    ("P4aR", "vs-p1"): (">=", 0.9, "routed, every packet a new flow: of one flow's"),
    ("P5a", "p50"): ("<=", 2, "UDP round trip, routed, four chains: fresh flow, of a known one's"),
    ("P5a", "p99"): ("<=", 2, "the same, the hundredth part that takes longest"),
    ("P5R", "first-vs-established"): ("<=", 15, "routed, four chains: first packet, net ns (goal 8)"),
    **{("P6", word): ("<=", 3, f"first packet: net ns with 10 000 rules that name {word}, of 10")
       for word in ("src", "dst", "src-port", "dst-port", "proto", "tcp-flags", "sets")},
    ("P6", "established"): ("<=", 1.1, "established: net ns with 10 000 rules, of 10"),
    ("P4c", "vs-ovs"): (">=", 20, "chain on both ports: new flows a second, of ovs-vswitchd"),
    ("P7", "vs-floor"): (">=", 0.95, "TCP stream on one host: throughput, of the floor"),
    ("P7", "tunnel-vs-ovs"): (">=", 1.0, "TCP stream between hosts by VXLAN: throughput, of OVS"),
    ("P8", "port"): ("<=", 2048, "bytes of a port"),
    ("P8", "port-per-cpu"): ("<=", 64, "bytes of a port on each CPU"),
    ("P8", "flow"): ("<=", 320, "bytes of a flow, L2"),
    ("P8", "rule"): ("<=", 256, "bytes of a rule"),
    ("P8", "route"): ("<=", 192, "bytes of an IPv4 route, prefixes mixed"),
    ("P8", "mac"): ("<=", 128, "bytes of a learned MAC"),
    ("P8R", "route"): ("<=", 192, "bytes of a route among a million, a quarter of them IPv6"),
    ("P9", "cold-ms"): ("<", 1000, "commit of 10 000 ports, 1 000 bridges, 100 000 rules, ms"),
    ("P9", "rule-100-ms"): ("<", 1, "commit of one rule in a chain of 100, ms"),
    ("P9", "rule-10000-ms"): ("<", 20, "commit of one rule in a chain of 10 000, ms"),
    ("P9", "gap-ms"): ("<", 1, "longest gap of a 10 kpps stream while committing, ms"),
    ("P10", "a-keeps"): (">=", 0.95, "port A while B floods random headers, of one flow's cost"),
    ("P10S", "arp"): (">=", 0.95, "routed port A while B floods ARP requests"),
    ("P10S", "arp-reply"): (">=", 0.95, "while B forges ARP replies"),
    ("P10S", "ns"): (">=", 0.95, "while B floods neighbour solicitations"),
    ("P10S", "na"): (">=", 0.95, "while B forges neighbour advertisements"),
    ("P10S", "ttl"): (">=", 0.95, "while B's packets end at the router"),
    ("P10S", "big"): (">=", 0.95, "while B's packets are too big and may not be cut"),
    ("P10S", "cut"): (">=", 0.95, "while B's packets have to be cut"),
    ("P10C", "syn"): (">=", 0.95, "translated port A while B floods SYNs, each a new connection"),
    ("P10C", "frag"): (">=", 0.95, "while B sends fragments of nothing"),
    ("P10C", "error"): (">=", 0.95, "while B forges ICMP errors"),
    ("P11", "vs-floor"): (">=", 0.97, "two CPUs: scaling, of the floor's scaling"),
}

# figures without a bar of their own: a goal, shown and not judged
GOALS = {
    ("P5K", "none"): "first packet of a flow, net ns, of a later one's: no filter",
    ("P5K", "dst"): "the same, a filter on the destination address",
    ("P5K", "src"): "and on the source address",
    ("P5K", "src-port"): "and on the source port",
    ("P5K", "dst-port"): "and on the destination port",
    ("P5K", "tcp-flags"): "and on TCP flags",
    ("P2", "vs-nft"): "the same, of bridge, forwarding and nftables",
    ("P2", "vs-flowtable"): "the same, of those with a flowtable",
    ("P4b", "vs-nft"): "the same, of bridge, forwarding and nftables",
    ("P2", "tunnel-vs-ovs"): "the same to another host by VXLAN: net ns, of OVS",
    ("P2t", "send-vs-bridge"): "the same, of bridge and VXLAN device",
    ("P2t", "receive-vs-bridge"): "the same, of bridge and VXLAN device",
    ("P5b", "first-vs-ovs"): "the same: OVS' first packet, of ours",
    ("P13", "commit-ms"): "50 hypervisors in a kernel: midoctl batch of 1 000 ports on one, ms",
    ("P13", "port-ms"): "midoctl port add on one of them, ms",
    ("P13", "kib"): "memory of one of them, KiB",
    ("P8R", "commit-ms"): "commit of a million routes of one router, ms",
    ("P8R", "one-more"): "commit of one more route among a million, of that among 10",
    ("P8R", "look-up"): "first packet among a million routes, net ns, of that among 10",
    ("P4c", "above-floor"): "the same, of what each costs above the floor",
    ("P1R", "vs-forward"): "routed: packets a second, of the kernel's bridge and forwarding",
    ("P1", "net-vs-bridge"): "L2, one flow: net ns, of the Linux bridge (goal 1.0)",
}

_HOLDS = {
    ">=": lambda a, b: a >= b,
    "<=": lambda a, b: a <= b,
    "<": lambda a, b: a < b,
}


def text(case, what):
    if (case, what) in BARS:
        return BARS[case, what][2]
    return GOALS[case, what]


def judge(case, what, figure, ns, rounds):
    """One record of bench.json. figure None: our side could not run."""
    bar = holds = None
    if (case, what) in BARS:
        comparison, bar, _ = BARS[case, what]
        if figure is not None:
            holds = _HOLDS[comparison](figure, bar)
    return {"id": case, "what": what, "figure": None if figure is None else round(figure, 4),
            "bar": bar, "holds": holds,
            "ns": {name: round(value, 1) for name, value in ns.items()}, "rounds": rounds}
