# SPDX-License-Identifier: GPL-2.0
"""P10: what a hostile neighbour costs an honest port on the same bridge."""

import feed
import lab
from contestants import Midonet

# what B sends, packets a second
RATE = 100_000
COUNT = 4_000_000

# names every field, so that B's packets have nothing in common
CHAIN = ["src-port 7", "dst-port 7", "proto 99", "dscp 63", "tcp-flags s",
         "icmp-type 200", "src 203.0.113.0/24", "dst 203.0.113.7", "src 2001:db8::1",
         "hw-src 02:ff:ff:ff:ff:ff", "fragment later"]


class Neighbours(Midonet):
    extra = (["chain add names"] + [f"rule add names {words} drop" for words in CHAIN] +
             ["port add net0:hostile dev d2 in-chain names"])


def _cost(flood):
    """ns per packet of A, while B sends"""
    feed.run("d0", count=20_000)
    result = feed.run("d0", count=COUNT, dev2="d2", rate2=RATE, dst2=lab.DST,
                      src2="02:00:00:00:99:03", mode2="random" if flood else "flows")
    return feed.per_packet(result)


def p10(bench):
    why = Midonet.missing()
    if why:
        raise lab.Failed(why)
    lab.add_dummy("d0", "d1", "d2")
    midonet = Neighbours()
    entries = [("one flow", midonet, lambda _: _cost(False)),
               ("flood", midonet, lambda _: _cost(True))]
    times = lab.rounds(entries, ["d0", "d1"], bench.rounds)
    bench.show(f"A while B sends {RATE} a second", times)
    ns = {name: lab.median(values) for name, values in times.items()}
    bench.figure("P10", "a-keeps", ns["one flow"] / ns["flood"], ns)
