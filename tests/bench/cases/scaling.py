# SPDX-License-Identifier: GPL-2.0
"""
P11: two CPUs, each with a flow of its own between devices of its own. By harness 2: in a
User-Mode Linux with two CPUs the veths of harness 1 measure the cost of its interrupts.
"""

import multiprocessing
import os

import feed
import lab
from contestants import Floor, Midonet, OvsL2, present

SLICES = 60
SLICE = 24576


def _sender(cpu, barrier, results):
    """ns per packet of the middle slice: the best one would be alone by chance"""
    dev = f"d{2 * cpu}"
    feed.run(dev, cpu=cpu, count=SLICE)
    barrier.wait()
    times = [feed.per_packet(feed.run(dev, cpu=cpu, count=SLICE)) for _ in range(SLICES)]
    results.put(lab.median(times))


def _run(cpus):
    """packets a second of all these CPUs together"""
    barrier, results = multiprocessing.Barrier(len(cpus)), multiprocessing.Queue()
    senders = [multiprocessing.Process(target=_sender, args=(cpu, barrier, results))
               for cpu in cpus]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    if any(sender.exitcode for sender in senders):
        raise lab.Failed("a sender ended early")
    return sum(1e9 / results.get() for _ in senders)


def _scaling(contestant, seen):
    before = [lab.counter(dev, "tx") for dev in ("d1", "d3")]
    alone = lab.median([_run([0]), _run([1])])
    both = _run([0, 1])
    for dev, had in zip(("d1", "d3"), before):
        if lab.counter(dev, "tx") - had < 0.999 * 2 * SLICES * SLICE:
            raise lab.Failed(f"{contestant.name} lost packets")
    seen.setdefault(f"{contestant.name} alone", []).append(1e9 / alone)
    seen.setdefault(f"{contestant.name} both", []).append(1e9 / both)
    return both / alone


def p11(bench):
    if os.cpu_count() < 2:
        raise lab.Failed("one CPU only")
    devices = ["d0", "d1", "d2", "d3"]
    lab.add_dummy(*devices)
    seen = {}
    entries = [(c.name, c, lambda c: _scaling(c, seen))
               for c in present(Floor, OvsL2, Midonet)]
    scaling = lab.rounds(entries, devices, bench.rounds)
    bench.show("two CPUs", seen)
    ns = {name: lab.median(values) for name, values in seen.items()}
    factor = {name: lab.median(values) for name, values in scaling.items()}
    lab.say("  scaling: " + ", ".join(f"{k} {v:.3f}" for k, v in factor.items()))
    figure = factor["midonet"] / factor["floor"] if "midonet" in factor else None
    bench.figure("P11", "vs-floor", figure, ns)
