# SPDX-License-Identifier: GPL-2.0
"""Harness 2: the module mn_feed hands frames to netif_receive_skb(); they leave by a dummy."""

import os

import lab

# A round's best slice counts, as in pktgen.py; short ones fit between what disturbs.
SLICES = 40
SLICE = 24576

PROC = "/proc/mn_feed"


def run(dev, cpu=None, **words):
    """One request; the results as {word: number}. Words: see kmod/feed_main.c."""
    words = {"dst": lab.DST, "src": lab.SRC, **words}
    line = " ".join([f"dev={dev}"] + [f"{k}={v}" for k, v in words.items()])
    fd = os.open(PROC, os.O_RDWR)
    old = os.sched_getaffinity(0)
    try:
        if cpu is not None:
            os.sched_setaffinity(0, {cpu})
        os.write(fd, line.encode())
        text = os.pread(fd, 256, 0).decode()
    finally:
        os.sched_setaffinity(0, old)
        os.close(fd)
    return {k: int(v) for k, v in (word.split("=") for word in text.split())}


def per_packet(result):
    return result["ns"] / result["count"]


def _slice(contestant, dev, out, **words):
    before = lab.counter(out, "tx")
    result = run(dev, count=SLICE, sink=int(contestant.sink), **words)
    sent = lab.counter(out, "tx") - before
    if contestant.delivers and sent < 0.999 * SLICE:
        raise lab.Failed(f"{contestant.name} sent {sent} of {SLICE} packets")
    return per_packet(result)


def measure(contestant, dev, out, **words):
    """ns per packet, building and freeing included; proves that they left"""
    run(dev, count=SLICE, sink=int(contestant.sink), first=SLICES * SLICE, **words)
    return min(_slice(contestant, dev, out, first=piece * SLICE, **words)
               for piece in range(SLICES))
