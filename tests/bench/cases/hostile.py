# SPDX-License-Identifier: GPL-2.0
"""P10, P10S, P10C: what a hostile neighbour costs an honest port."""

import feed
import lab
from cases.nat import Translated
from cases.route import Router
from contestants import Midonet

# what B sends, packets a second
RATE = 100_000
COUNT = 25_000
# slices until the flow table is full of what B sent, and slices that are measured
WARM = 600
SLICES = 300
# the same for a storm, which leaves little behind
STORM_WARM = 100
STORM_SLICES = 100

# names every field, so that B's packets have nothing in common
CHAIN = ["src-port 7", "dst-port 7", "proto 99", "dscp 63", "tcp-flags s",
         "icmp-type 200", "src 203.0.113.0/24", "dst 203.0.113.7", "src 2001:db8::1",
         "hw-src 02:ff:ff:ff:ff:ff", "fragment later"]

HOSTILE = "02:00:00:00:99:05"
NARROW = "02:00:00:00:99:06"
# mode of mn_feed: bytes of a frame
STORMS = {"arp": 60, "arp-reply": 60, "ns": 86, "na": 86, "ttl": 86, "big": 1514, "cut": 1514}


class Neighbours(Midonet):
    extra = (["chain add names"] + [f"rule add names {words} drop" for words in CHAIN] +
             ["port add net0:hostile dev d2 in-chain names"])


class Stormed(Router):
    """B at the bridge, as d2, or at a port of the router, as d3; behind d4 it is narrow."""

    name = "midonet stormed"
    # by the device: the MAC B sends to, and its network
    PLACES = {"d2": (lab.DST, 0x0a000000), "d3": (HOSTILE, 0x0a820000)}
    EXTRA = ("port set r0:a addresses +fd00:a00::1/64", "port add net0:hostile dev d2",
             f"port add r0:hostile dev d3 mac {HOSTILE} addresses 10.130.0.1/16,fd00:a82::1/64",
             "port add r0:narrow dev d4 addresses 10.129.0.2/24,fd00:a81::2/64",
             f"neighbour add r0:narrow 10.129.0.1 mac {NARROW}",
             f"neighbour add r0:narrow fd00:a81::9 mac {NARROW}")

    def up(self, devices):
        super().up(devices)
        lab.sh("midoctl batch -", "\n".join(self.EXTRA) + "\n")


class Tracked(Translated):
    """As in P2; B is beside A on its bridge, and translated like it."""

    name = "midonet tracked"

    def up(self, devices):
        super().up(devices)
        lab.sh("midoctl port add net0:hostile dev d2 in-chain c0")


def cost(over, piece, **words):
    """
    ns per packet of A, while B sends what it never sent before, or, over, makes it and sends
    one flow instead
    """
    result = feed.run("d0", count=COUNT, rate2=RATE, src2="02:00:00:00:99:07",
                      over2=int(over), first2=piece * COUNT, **words)
    if not result["count2"]:
        raise lab.Failed("B sent nothing")
    return feed.per_packet(result)


def _usual_cost(over, warm, slices, **words):
    """The middle slice, not the best: what a flood costs comes in waves."""
    for piece in range(warm):
        cost(over, piece, **words)
    return lab.median(cost(over, warm + piece, **words) for piece in range(slices))


def _compare(contestant, name, warm, slices, **words):
    """Entries of lab.rounds(): with one flow of B's, and with what is named"""
    return [(f"{name} {'as a flow' if over else 'storm'}", contestant,
             lambda _, over=over: _usual_cost(over, warm, slices, **words))
            for over in (True, False)]


def _need_midonet():
    why = Midonet.missing()
    if why:
        raise lab.Failed(why)


def p10(bench):
    _need_midonet()
    lab.add_dummy("d0", "d1", "d2")
    entries = _compare(Neighbours(), "random", WARM, SLICES, dev2="d2", dst2=lab.DST,
                       mode2="random")
    times = lab.rounds(entries, ["d0", "d1"], bench.rounds)
    bench.show(f"A while B sends {RATE} a second", times)
    ns = {name: lab.median(values) for name, values in times.items()}
    bench.figure("P10", "a-keeps", ns["random as a flow"] / ns["random storm"], ns)


def p10s(bench):
    _need_midonet()
    lab.add_dummy("d0", "d1", "d2", "d3", "d4")
    lab.sh("ip link set d4 mtu 1280")
    stormed = Stormed()
    for storm, size in STORMS.items():
        entries = []
        for dev, (mac, net) in Stormed.PLACES.items():
            place = "bridge" if dev == "d2" else "router"
            entries += _compare(stormed, place, STORM_WARM, STORM_SLICES, dev2=dev, dst2=mac,
                                mode2=storm, size2=size, net2=net)
        times = lab.rounds(entries, ["d0", "d1"], bench.rounds)
        bench.show(f"A while B sends {RATE} {storm} a second", times)
        ns = {name: lab.median(values) for name, values in times.items()}
        bench.figure("P10S", storm, min(ns[f"{place} as a flow"] / ns[f"{place} storm"]
                                        for place in ("bridge", "router")), ns)


# mode of mn_feed: bytes of a frame
ATTACKS = {"syn": 60, "frag": 60, "error": 70}


def p10c(bench):
    """Connections: what begins and is never answered, fragments and errors about nothing."""
    _need_midonet()
    lab.add_dummy("d0", "d1", "d2")
    tracked = Tracked()
    for attack, size in ATTACKS.items():
        entries = _compare(tracked, attack, STORM_WARM, STORM_SLICES, dev2="d2", dst2=lab.DST,
                           mode2=attack, size2=size, net2=0x0a100000)
        times = lab.rounds(entries, ["d0", "d1"], bench.rounds)
        bench.show(f"A, translated, while B sends {RATE} {attack} a second", times)
        ns = {name: lab.median(values) for name, values in times.items()}
        bench.figure("P10C", attack, ns[f"{attack} as a flow"] / ns[f"{attack} storm"], ns)
