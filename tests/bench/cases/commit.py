# SPDX-License-Identifier: GPL-2.0
"""P9: what a commit takes, and what packets notice of it."""

import multiprocessing
import os

import feed
import lab
from contestants import Midonet

COLD = "cold 10000 1000 100000"
SECONDS = 5
RATE = 10_000
# longest gap, in ns, of a machine on which gaps can be judged
CALM = 800_000


def _commit(line, prefix=""):
    """{word: number} as printed"""
    out = lab.sh(f"{prefix}{os.environ['BENCH_COMMIT']} {line}")
    return {k: int(v) for k, v in (word.split("=") for word in out.split())}


def _need_midonet():
    why = Midonet.missing()
    if why:
        raise lab.Failed(why)


def _report(bench, what, times):
    bench.show(f"commit, {what}", {"midonet": times})
    ns = lab.median(times)
    bench.figure("P9", what, ns / 1e6, {"midonet": ns}, len(times))


def p9(bench):
    _need_midonet()
    _report(bench, "cold-ms", [_commit(COLD)["ns"] for _ in range(bench.rounds)])
    for length, times in ((100, 200), (10_000, 50)):
        _report(bench, f"rule-{length}-ms",
                [_commit(f"rule {length} {times}")["ns"] for _ in range(bench.rounds)])


def _stream(results):
    results.put(feed.run("d0", cpu=1, count=RATE * SECONDS, rate=RATE)["gap"])


def _gap(during):
    """Longest gap of the stream on CPU 1, while during() is called on CPU 0 again and again."""
    results = multiprocessing.Queue()
    sender = multiprocessing.Process(target=_stream, args=(results,))
    before = lab.counter("d1", "tx")
    sender.start()
    while sender.is_alive() and during:
        during()
    sender.join()
    if sender.exitcode:
        raise lab.Failed("the stream ended early")
    sent = lab.counter("d1", "tx") - before
    return results.get(), sent


def p9_gap(bench):
    _need_midonet()
    if os.cpu_count() < 2:
        raise lab.Failed("one CPU only")
    lab.add_dummy("d0", "d1")
    midonet = Midonet()
    midonet.up(["d0", "d1"])
    idle, busy = [], []
    for _ in range(bench.rounds):
        idle.append(_gap(None)[0])
        gap, sent = _gap(lambda: _commit(COLD, "taskset -c 0 "))
        busy.append(gap)
        if not sent:
            raise lab.Failed("the stream did not come out")
    midonet.down()
    bench.show("longest gap", {"idle": idle, "committing": busy})
    # the machine's own stalls hit either alike: the best round has the fewest of them
    ns = {"idle": min(idle), "committing": min(busy)}
    if ns["idle"] > CALM:
        lab.say("  this machine stalls by itself for longer than the bar: says nothing")
    bench.figure("P9", "gap-ms", ns["committing"] / 1e6 if ns["idle"] <= CALM else None, ns)
