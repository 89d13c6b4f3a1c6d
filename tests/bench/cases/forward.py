# SPDX-License-Identifier: GPL-2.0
"""P1, P3, P4a: established L2 forwarding, in both harnesses."""

import feed
import lab
import pktgen
from contestants import Bridge, Drop, Floor, Midonet, OvsL2, Sink, present


def _path():
    lab.add_netns("a", "b")
    path = pktgen.Pktgen()
    path.make()
    return path


def _through(path, words):
    return lambda contestant: pktgen.measure(path, contestant, words)


def _medians(bench, title, times):
    bench.show(title, times)
    return {name: lab.median(values) for name, values in times.items()}


def end_to_end(bench, title, words, *classes, path=None):
    """Harness 1; {name: median ns per packet}"""
    path = path or _path()
    entries = [(c.name, c, _through(path, words)) for c in present(*classes)]
    return _medians(bench, title, lab.rounds(entries, [path.ins, path.out], bench.rounds))


def net(bench, title, *classes, **words):
    """Harness 2; {name: median ns per packet above building and freeing}"""
    lab.add_dummy("d0", "d1")
    entries = [(c.name, c, lambda c: feed.measure(c, "d0", "d1", **words))
               for c in present(Sink, *classes)]
    ns = _medians(bench, title, lab.rounds(entries, ["d0", "d1"], bench.rounds))
    base = ns.pop(Sink.name)
    return {name: value - base for name, value in ns.items()}


def ratio(ns, above, below):
    """ns of one over ns of the other; None if either did not run"""
    if above not in ns or below not in ns:
        return None
    return ns[above] / ns[below]


def p1(bench):
    ns = end_to_end(bench, "veth, one flow", pktgen.flows(1), Drop, Floor, OvsL2, Bridge, Midonet)
    bench.figure("P1", "vs-ovs", ratio(ns, "ovs", "midonet"), ns)
    bench.figure("P1", "vs-floor", ratio(ns, "floor", "midonet"), ns)
    ns = net(bench, "net, one flow", Floor, OvsL2, Bridge, Midonet)
    bench.figure("P1", "net-vs-ovs", ratio(ns, "midonet", "ovs"), ns)
    bench.figure("P1", "net-vs-bridge", ratio(ns, "midonet", "bridge"), ns)


def p3(bench):
    ns = end_to_end(bench, "veth, 65 536 flows", pktgen.flows(65536),
                    Drop, Floor, OvsL2, Bridge, Midonet)
    bench.figure("P3", "vs-ovs", ratio(ns, "ovs", "midonet"), ns)


def p4a(bench):
    path = _path()
    entries = []
    for c in present(Drop, Midonet, OvsL2):
        entries += [(f"{c.name} p1", c, _through(path, pktgen.flows(1))),
                    (f"{c.name} new", c, _through(path, pktgen.fresh))]
    ns = _medians(bench, "veth, every packet a new flow",
                  lab.rounds(entries, [path.ins, path.out], bench.rounds))
    bench.figure("P4a", "vs-p1", ratio(ns, "midonet p1", "midonet new"), ns)
