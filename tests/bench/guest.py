#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
Inside a test kernel: run the named cases, leave their figures in a file.

    guest.py KERNEL RESULTS ROUNDS CASE...
    guest.py KERNEL --profile FOLDER CONTESTANT HARNESS FLOWS SECONDS
"""

import json
import sys
import traceback

import bars
import lab
from cases import CASES
from profiled import profile


class Bench:
    """What a case gets: how many rounds, and where to put figures."""

    def __init__(self, rounds):
        self.rounds = rounds
        self.results = []

    def show(self, title, times):
        """All rounds of all contestants, for the reader's eye."""
        lab.say(f"  {title}: median ns of {self.rounds} rounds, spread")
        for name, values in times.items():
            lab.say(f"    {name:<14} {lab.median(values):12.1f}  +-{lab.spread(values):6.1%}")

    def figure(self, case, what, figure, ns, rounds=None):
        self.results.append(bars.judge(case, what, figure, ns, rounds or self.rounds))


def main():
    if sys.argv[2] == "--profile":
        profile(*sys.argv[3:])
        return
    kernel, path, count, *wanted = sys.argv[1:]
    bench = Bench(int(count))
    lab.quiet(None)
    for case, where, _, function in CASES:
        if where != kernel or case not in wanted:
            continue
        lab.say(f"{case} in {kernel}")
        try:
            function(bench)
        except (lab.Failed, OSError) as why:
            lab.say(f"  {case} not measured: {why}")
            if not isinstance(why, lab.Failed):
                traceback.print_exc()
        lab.clean()
        with open(path, "w", encoding="ascii") as f:
            json.dump(bench.results, f)


main()
