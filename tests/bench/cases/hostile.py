# SPDX-License-Identifier: GPL-2.0
"""P10: what a hostile neighbour costs an honest port on the same bridge."""

import feed
import lab
from contestants import Midonet

# what B sends, packets a second
RATE = 100_000
COUNT = 25_000
# slices until the flow table is full of what B sent, and slices that are measured
WARM = 600
SLICES = 300

# names every field, so that B's packets have nothing in common
CHAIN = ["src-port 7", "dst-port 7", "proto 99", "dscp 63", "tcp-flags s",
         "icmp-type 200", "src 203.0.113.0/24", "dst 203.0.113.7", "src 2001:db8::1",
         "hw-src 02:ff:ff:ff:ff:ff", "fragment later"]


class Neighbours(Midonet):
    extra = (["chain add names"] + [f"rule add names {words} drop" for words in CHAIN] +
             ["port add net0:hostile dev d2 in-chain names"])


def cost(flood, piece, count=COUNT):
    """ns per packet of A, while B sends what it never sent before, or makes it and sends one flow"""
    result = feed.run("d0", count=count, dev2="d2", rate2=RATE, dst2=lab.DST,
                      src2="02:00:00:00:99:03", mode2="random" if flood else "over",
                      first2=piece * count)
    return feed.per_packet(result)


def _usual_cost(flood):
    """The middle slice, not the best: what a flood costs comes in waves."""
    for piece in range(WARM):
        cost(flood, piece)
    return lab.median(cost(flood, WARM + piece) for piece in range(SLICES))


def p10(bench):
    why = Midonet.missing()
    if why:
        raise lab.Failed(why)
    lab.add_dummy("d0", "d1", "d2")
    midonet = Neighbours()
    entries = [("one flow", midonet, lambda _: _usual_cost(False)),
               ("flood", midonet, lambda _: _usual_cost(True))]
    times = lab.rounds(entries, ["d0", "d1"], bench.rounds)
    bench.show(f"A while B sends {RATE} a second", times)
    ns = {name: lab.median(values) for name, values in times.items()}
    bench.figure("P10", "a-keeps", ns["one flow"] / ns["flood"], ns)
