# SPDX-License-Identifier: GPL-2.0
"""P8: bytes of an object: many of them are made, and memory is compared."""

import json
import os
import random
import time

import feed
import lab
from contestants import Midonet

PAGE = os.sysconf("SC_PAGE_SIZE")
PORTS = 10_000
RULES = 20_000
ROUTES = 20_000
SOURCES = 20_000
SOME = 200
# seconds without change that mean that nothing more comes
CALM = 4


def _slabs():
    """bytes of live objects, bytes of pages of slabs"""
    objects = pages = 0
    for line in lab.read("/proc/slabinfo").splitlines()[2:]:
        fields = line.split()
        objects += int(fields[1]) * int(fields[3])
        pages += int(fields[14]) * int(fields[5]) * PAGE
    return objects, pages


def _used():
    """bytes in use: (shared, per CPU)"""
    # fold what CPUs have not yet told; there is no such file on one CPU, and no need
    if os.path.exists("/proc/sys/vm/stat_refresh"):
        lab.write("/proc/sys/vm/stat_refresh", "1")
    info = {}
    for line in lab.read("/proc/meminfo").splitlines():
        name, value, *_ = line.replace(":", "").split()
        info[name] = int(value) * 1024
    objects, pages = _slabs()
    # large kmallocs are in Slab and in no slab
    return objects + info["Slab"] - pages + info["VmallocUsed"], info["Percpu"]


def _settle():
    """Let what is dead be freed, which the flow table does now and then: until nothing goes."""
    least, since = _used()[0], 0
    while since < CALM:
        time.sleep(1)
        since += 1
        if _used()[0] < least * 0.995:
            least, since = _used()[0], 0


def growth(make):
    """bytes in use that make() adds: (shared, per CPU)"""
    _settle()
    before = _used()
    make()
    _settle()
    after = _used()
    return after[0] - before[0], after[1] - before[1]


def _commit(line):
    return lab.sh(f"{os.environ['BENCH_COMMIT']} {line}")


def _config(kind, count):
    """(bytes, bytes per CPU) of each"""
    _commit(f"add {kind} 10")
    _commit(f"clear {kind} 10")
    grown = growth(lambda: _commit(f"add {kind} {count}"))
    _commit(f"clear {kind} {count}")
    return [value / count for value in grown]


def _count(what):
    return len(json.loads(lab.sh(f"midoctl -j {what} list")))


class Wide(Midonet):
    """As many MACs as we like."""

    extra = ("port set net0:a mac-limit 1000000",)


def _flow_and_mac():
    """Every source MAC is learned and makes a flow; then only the flows go."""
    lab.write("/proc/sys/net/midonet/macs_per_port", "1000000")
    midonet = Wide()
    midonet.up(["d0", "d1"])
    feed.run("d0", count=10, flows=10, mode="macs")
    lab.sh("midoctl flow flush")
    _settle()
    macs, before = _count("mac"), _used()[0]
    # Learning outdates flows, so it comes first. A port has few flows that were never hit
    # (flow/admit.c), so a few sources at a time send until theirs are.
    feed.run("d0", count=SOURCES, flows=SOURCES, mode="macs")
    for first in range(0, SOURCES, SOME):
        for _ in range(4):
            feed.run("d0", count=SOME, first=first, flows=SOURCES, mode="macs")
    _settle()
    both, flows = _used()[0], _count("flow")
    lab.sh("midoctl flow flush")
    _settle()
    after = _used()[0]
    macs = _count("mac") - macs
    midonet.down()
    if min(flows, macs) < SOURCES / 2:
        raise lab.Failed(f"{SOURCES} sources made {flows} flows and {macs} MACs")
    return (both - after) / flows, (after - before) / macs


def _prefixes():
    """As they are in the wild: mostly /24, some shorter, none twice."""
    dice = random.Random(8)
    found = set()
    while len(found) < ROUTES:
        length = dice.choice((16, 18, 19, 20, 21, 22, 22, 23, 24, 24, 24, 24, 24, 24))
        found.add((dice.randrange(1 << 24, 223 << 24) >> 32 - length << 32 - length, length))
    return [f"{p >> 24}.{p >> 16 & 255}.{p >> 8 & 255}.0/{n}" for p, n in sorted(found)]


def _route():
    lab.sh("midoctl batch -", "router add r0\nport add r0:up addresses 10.0.0.1/8\n")
    lines = "".join(f"route add r0 dst {p} port up gateway 10.0.0.2\n" for p in _prefixes()
                    if not p.startswith(("10.", "127.")))
    size = growth(lambda: lab.sh("midoctl batch -", lines))[0]
    lab.sh("midoctl flush")
    return size / lines.count("\n")


def p8(bench):
    why = Midonet.missing()
    if why:
        raise lab.Failed(why)
    lab.add_dummy("d0", "d1")
    size, per_cpu = _config("ports", PORTS)
    bench.figure("P8", "port", size, {}, 1)
    bench.figure("P8", "port-per-cpu", per_cpu / os.cpu_count(), {}, 1)
    bench.figure("P8", "rule", _config("rules", RULES)[0], {}, 1)
    bench.figure("P8", "route", _route(), {}, 1)
    flow, mac = _flow_and_mac()
    bench.figure("P8", "flow", flow, {}, 1)
    bench.figure("P8", "mac", mac, {}, 1)
