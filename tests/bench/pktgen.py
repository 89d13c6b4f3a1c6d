# SPDX-License-Identifier: GPL-2.0
"""
Harness 1: pktgen in namespace a, over veths through the datapath, to namespace b.

    netns a: pktgen -> va ~ pa | datapath under test | pb ~ vb in netns b
"""

import re
import time

import lab

PROC = "/proc/net/pktgen"

# A round is measured in slices and the best one counts: what else the machine does only ever
# adds, and short slices fit between.
SLICES = 12
SLICE = 16384
WARM = 2


def _source(n):
    return f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}"


def flows(count):
    """count source addresses, round robin: a slice goes on where the last one ended"""
    def words(piece):
        first = piece * SLICE % count
        last = min(first + SLICE, count) - 1
        return (f"src_min {_source(first)}", f"src_max {_source(last)}",
                "udp_src_min 1024", "udp_src_max 1024", "udp_dst_min 9", "udp_dst_max 9")
    return words


def fresh(piece):
    """Address and pair of ports never used before; primes repeat only after their product."""
    dport = 10000 + 61 * piece
    return (f"src_min 10.{piece}.0.0", f"src_max 10.{piece}.255.240",
            "udp_src_min 1024", "udp_src_max 65523",
            f"udp_dst_min {dport}", f"udp_dst_max {dport + 61}")


class Pktgen:
    """One path; cpu is the generator's. pairs: tests with several paths number them."""

    def __init__(self, n="", cpu=0):
        self.dev, self.cpu = f"va{n}", cpu
        self.ins, self.out = f"pa{n}", f"pb{n}"
        self.sink = f"vb{n}"
        self.added = False

    def make(self):
        lab.add_veth(self.ins, "a", self.dev)
        lab.add_veth(self.out, "b", self.sink)

    def idle(self):
        """Nothing to send for this path's thread, which takes its time to notice."""
        thread = f"{PROC}/kpktgend_{self.cpu}"
        with lab.netns("a"):
            lab.write(thread, "rem_device_all\n")
            while self.dev in lab.read(thread):
                time.sleep(0.05)
        self.added = False

    def configure(self, count, words, dst=lab.DST, rate=0):
        """rate: packets a second, 0 for as many as possible"""
        common = ("clone_skb 0", "pkt_size 60", f"delay {10**9 // rate if rate else 0}",
                  f"src_mac {lab.SRC}", f"dst_mac {dst}", "dst 10.128.0.1",
                  f"count {count}")
        with lab.netns("a"):
            if not self.added:
                lab.write(f"{PROC}/kpktgend_{self.cpu}", f"add_device {self.dev}\n")
                self.added = True
            for word in common + tuple(words):
                lab.write(f"{PROC}/{self.dev}", word + "\n")

    def result(self):
        """ns per packet of the last run"""
        with lab.netns("a"):
            text = lab.read(f"{PROC}/{self.dev}")
        found = re.search(r"OK: (\d+)\(.*?usec, (\d+) ", text)
        if not found:
            raise lab.Failed(f"pktgen: {text.strip().splitlines()[-1]}")
        return int(found[1]) * 1000 / int(found[2])

    def delivered(self):
        return lab.counter(self.sink, "rx", "b")


def start():
    """Run what is configured, on all CPUs at once; returns when all have sent."""
    with lab.netns("a"):
        lab.write(f"{PROC}/pgctrl", "start\n")


def _slice(path, contestant, words):
    """ns per packet, or None if packets were lost: then it was not the contestant's time alone"""
    before = path.delivered()
    path.configure(SLICE, words)
    start()
    got = path.delivered() - before
    if contestant.delivers and got < 0.999 * SLICE:
        return None
    return path.result()


def measure(path, contestant, words):
    """ns per packet through a contestant that is up; proves delivery. words(slice): what varies"""
    for piece in range(SLICES, SLICES + WARM):
        path.configure(SLICE, words(piece))
        start()
    times = [_slice(path, contestant, words(piece)) for piece in range(SLICES)]
    times = [ns for ns in times if ns]
    # a machine that is interrupted overflows a backlog now and then, but not every time
    if not times:
        raise lab.Failed(f"{contestant.name} did not deliver all packets in any slice")
    return min(times)
