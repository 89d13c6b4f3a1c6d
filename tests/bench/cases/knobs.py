# SPDX-License-Identifier: GPL-2.0
"""
P5K: the first packet of a flow against later ones, one kind of filter after the other added:
what an analyst would ask of any virtual switch, and nobody publishes.
"""

import feed
import lab
from cases.forward import _medians
from contestants import Midonet, Sink, present

# each with those before it; no packet matches, so all of them are asked
KNOBS = (("none", None),
         ("dst", "dst 10.255.255.0/24 drop"),
         ("src", "src 10.255.254.0/24 drop"),
         ("src-port", "src-port 1 drop"),
         ("dst-port", "dst-port 1 drop"),
         ("tcp-flags", "tcp-flags 0x03/0x03 drop"))


class Knobs(Midonet):
    """One bridge, and a chain at the sender's port with the first of the filters."""

    def __init__(self, count):
        self.count = count
        self.name = KNOBS[count][0]

    def up(self, devices):
        super().up(devices)
        rules = [f"rule add c {words}" for _, words in KNOBS[1:self.count + 1]]
        lines = ["chain add c", *rules, "port set net0:a in-chain c"] if rules else []
        lab.sh("midoctl batch -", "\n".join(lines) + "\n")


def p5k(bench):
    if not present(Midonet):
        raise lab.Failed("no midonet here")
    lab.add_dummy("d0", "d1")
    entries = [("build+free", Sink(), lambda c: feed.measure(c, "d0", "d1", mode="flows-tcp"))]
    for count, (name, _) in enumerate(KNOBS):
        knobs = Knobs(count)
        entries += [(f"{name} first", knobs,
                     lambda c: feed.measure(c, "d0", "d1", mode="fresh-tcp")),
                    (f"{name} later", knobs,
                     lambda c: feed.measure(c, "d0", "d1", mode="flows-tcp"))]
    ns = _medians(bench, "net, first and later packets, filters added in turn",
                  lab.rounds(entries, ["d0", "d1"], bench.rounds))
    base = ns.pop("build+free")
    for name, _ in KNOBS:
        first, later = ns[f"{name} first"] - base, ns[f"{name} later"] - base
        bench.figure("P5K", name, first / later, {"first": first, "later": later})
