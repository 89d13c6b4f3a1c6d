# SPDX-License-Identifier: GPL-2.0
"""Inside a test kernel: keep one contestant busy while it is looked at from outside."""

import itertools
import os
import time

import contestants
import feed
import lab
import pktgen
from cases import hostile, nat, route, upcall


def _net():
    lab.add_dummy("d0", "d1")

    def burst(contestant, flows):
        result = feed.run("d0", count=100_000, sink=int(contestant.sink), flows=flows)
        return feed.per_packet(result)
    return ["d0", "d1"], burst


def _veth():
    lab.add_netns("a", "b")
    path = pktgen.Pktgen()
    path.make()

    def burst(_, flows):
        path.configure(2_000_000, pktgen.flows(flows)(0))
        pktgen.start()
        return path.result()
    return [path.ins, path.out], burst


def _hostile():
    lab.add_dummy("d0", "d1", "d2")
    pieces = itertools.count()
    return ["d0", "d1"], lambda _, flows: hostile.cost(flows > 1, next(pieces))


def _syn():
    """P10C: the neighbour begins connections."""
    lab.add_dummy("d0", "d1", "d2")
    pieces = itertools.count()
    return ["d0", "d1"], lambda _, __: hostile.cost(
        False, next(pieces), dev2="d2", dst2=lab.DST, mode2="syn", net2=0x0a100000)


def _miss():
    """Every packet a new flow: needs a contestant whose chain names ports."""
    lab.add_dummy("d0", "d1")
    pieces = itertools.count()
    return ["d0", "d1"], lambda _, __: feed.per_packet(
        feed.run("d0", count=20_000, mode="fresh", first=next(pieces) * 20_000))


HARNESSES = {"net": _net, "veth": _veth, "hostile": _hostile, "miss": _miss, "routed": _miss,
             "nat": _miss, "syn": _syn}
SPECIAL = {"hostile": hostile.Neighbours, "miss": upcall.Chained, "routed": route.Chains,
           "nat": nat.Translated, "syn": hostile.Tracked}


def profile(folder, name, harness, flows, seconds):
    found = [c for c in vars(contestants).values()
             if isinstance(c, type) and getattr(c, "name", "") == name]
    if not found:
        raise lab.Failed(f"no contestant {name}")
    contestant = SPECIAL.get(harness, found[0])()
    devices, burst = HARNESSES[harness]()
    contestant.up(devices)
    burst(contestant, int(flows))
    lab.write(f"{folder}/kallsyms.part", lab.read("/proc/kallsyms"))
    os.rename(f"{folder}/kallsyms.part", f"{folder}/kallsyms")
    end = time.monotonic() + int(seconds)
    times = []
    while time.monotonic() < end:
        times.append(burst(contestant, int(flows)))
    lab.say(f"{name}, {harness}, {flows} flows: {lab.median(times):.1f} ns per packet,"
            f" best {min(times):.1f}")
    contestant.down()
