# SPDX-License-Identifier: GPL-2.0
"""P11: two CPUs, each with a flow of its own between devices of its own."""

import os

import lab
import pktgen
from contestants import Floor, Midonet, OvsL2, present

COUNT = 1_000_000


def _run(paths, contestant):
    """packets a second of all paths together"""
    for path in paths:
        path.configure(COUNT, pktgen.flows(1)(0))
    before = [path.delivered() for path in paths]
    pktgen.start()
    for path, had in zip(paths, before):
        if path.delivered() - had < 0.999 * COUNT:
            raise lab.Failed(f"{contestant.name} lost packets")
    return sum(1e9 / path.result() for path in paths)


def _scaling(paths, contestant, seen):
    alone = []
    for path in paths:
        for other in paths:
            other.idle()
        alone.append(_run([path], contestant))
    both = _run(paths, contestant)
    seen.setdefault(f"{contestant.name} alone", []).append(1e9 / lab.median(alone))
    seen.setdefault(f"{contestant.name} both", []).append(1e9 / both)
    return both / lab.median(alone)


def p11(bench):
    if os.cpu_count() < 2:
        raise lab.Failed("one CPU only")
    lab.add_netns("a", "b")
    paths = [pktgen.Pktgen(str(cpu), cpu) for cpu in range(2)]
    for path in paths:
        path.make()
    devices = [dev for path in paths for dev in (path.ins, path.out)]
    seen = {}
    entries = [(c.name, c, lambda c: _scaling(paths, c, seen))
               for c in present(Floor, OvsL2, Midonet)]
    scaling = lab.rounds(entries, devices, bench.rounds)
    bench.show("two CPUs", seen)
    ns = {name: lab.median(values) for name, values in seen.items()}
    factor = {name: lab.median(values) for name, values in scaling.items()}
    lab.say("  scaling: " + ", ".join(f"{k} {v:.3f}" for k, v in factor.items()))
    figure = factor["midonet"] / factor["floor"] if "midonet" in factor else None
    bench.figure("P11", "vs-floor", figure, ns)
