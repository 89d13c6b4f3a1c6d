# SPDX-License-Identifier: GPL-2.0
"""P8: bytes of an object: many of them are made, and memory is compared."""

import json
import os
import time

import feed
import lab
from contestants import Midonet

PAGE = os.sysconf("SC_PAGE_SIZE")
PORTS = 10_000
RULES = 20_000
FLOWS = 20_000
MACS = 20_000


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
    """Let RCU free what is on its way."""
    time.sleep(1)


def _growth(make):
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
    grown = _growth(lambda: _commit(f"add {kind} {count}"))
    _commit(f"clear {kind} {count}")
    return [value / count for value in grown]


def _count(what):
    return len(json.loads(lab.sh(f"midoctl -j {what} list")))


class Chained(Midonet):
    """Every flow an entry of its own; as many MACs as we like."""

    extra = ("chain add ports", "rule add ports proto udp src-port 7 drop",
             "port set net0:a in-chain ports mac-limit 1000000",
             "rule add ports proto udp dst-port 7 drop")


def _flow():
    midonet = Chained()
    midonet.up(["d0", "d1"])
    feed.run("d0", count=100, mode="fresh")
    had = _count("flow")
    size, _ = _growth(lambda: feed.run("d0", count=FLOWS, mode="fresh", first=100))
    made = _count("flow") - had
    midonet.down()
    if made < FLOWS / 2:
        raise lab.Failed(f"{FLOWS} packets made {made} flows")
    return size / made


def _mac():
    lab.write("/proc/sys/net/midonet/macs_per_port", "1000000")
    midonet = Chained()
    midonet.up(["d0", "d1"])
    had = _count("mac")

    def learn():
        feed.run("d0", count=MACS, flows=MACS, mode="macs")
        lab.sh("midoctl flow flush")
    size, _ = _growth(learn)
    made = _count("mac") - had
    midonet.down()
    if made < MACS / 2:
        raise lab.Failed(f"{MACS} sources made {made} MACs")
    return size / made


def p8(bench):
    why = Midonet.missing()
    if why:
        raise lab.Failed(why)
    lab.add_dummy("d0", "d1")
    size, per_cpu = _config("ports", PORTS)
    bench.figure("P8", "port", size, {}, 1)
    bench.figure("P8", "port-per-cpu", per_cpu / os.cpu_count(), {}, 1)
    bench.figure("P8", "rule", _config("rules", RULES)[0], {}, 1)
    bench.figure("P8", "flow", _flow(), {}, 1)
    bench.figure("P8", "mac", _mac(), {}, 1)
