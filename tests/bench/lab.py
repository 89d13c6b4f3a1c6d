# SPDX-License-Identifier: GPL-2.0
"""The laboratory inside a test kernel: commands, namespaces, devices, rounds."""

import contextlib
import ctypes
import os
import statistics
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
CLONE_NEWNET = 0x40000000
# nobody's address: the receiver drops at once and does not pollute the figure
DST = "02:00:00:00:99:02"
SRC = "02:00:00:00:99:01"

_libc = ctypes.CDLL(None, use_errno=True)


class Failed(Exception):
    """A case could not be measured; says why."""


def say(text):
    print(text, file=sys.stderr, flush=True)


def sh(line, text=None, check=True):
    """Run a shell line; its output."""
    done = subprocess.run(["sh", "-c", line], input=text, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if check and done.returncode:
        raise Failed(f"{line}: {(done.stderr or done.stdout).strip()}")
    return done.stdout


def write(path, text):
    with open(path, "w", encoding="ascii") as f:
        f.write(text)


def read(path):
    with open(path, encoding="ascii") as f:
        return f.read()


@contextlib.contextmanager
def netns(name):
    """Enter a namespace; None stays here."""
    if name is None:
        yield
        return
    here = os.open("/proc/self/ns/net", os.O_RDONLY)
    there = os.open(f"/run/netns/{name}", os.O_RDONLY)
    try:
        _setns(there)
        yield
    finally:
        _setns(here)
        os.close(here)
        os.close(there)


def _setns(fd):
    if _libc.setns(fd, CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns")


def quiet(name):
    """No IPv6 of the namespace's own: no stray multicast during a round."""
    with netns(name):
        for which in ("all", "default"):
            write(f"/proc/sys/net/ipv6/conf/{which}/disable_ipv6", "1")


def add_netns(*names):
    for name in names:
        sh(f"ip netns add {name}")
        quiet(name)
        sh(f"ip -n {name} link set lo up")


def add_veth(outer, ns, inner):
    """inner in namespace ns, outer here; both up."""
    sh(f"ip link add {outer} type veth peer name {inner} netns {ns}")
    sh(f"ip link set {outer} up && ip -n {ns} link set {inner} up")


def add_dummy(*names):
    for name in names:
        sh(f"ip link add {name} type dummy && ip link set {name} up")


def counter(dev, name, ns=None):
    with netns(ns):
        for line in read("/proc/net/dev").splitlines()[2:]:
            head, _, rest = line.partition(":")
            if head.strip() == dev:
                fields = rest.split()
                return int(fields[{"rx": 1, "tx": 9}[name]])
    raise Failed(f"no device {dev}")


def module(name):
    """Path of one of our own modules, made for the running kernel."""
    return os.path.join(os.environ["BENCH_MODULES"], f"{name}.ko")


def median(values):
    return statistics.median(values)


def spread(values):
    """Half the range of the middle half, relative to the median."""
    if len(values) < 4:
        return (max(values) - min(values)) / 2 / median(values)
    low, _, high = statistics.quantiles(values, n=4)
    return (high - low) / 2 / median(values)


def rounds(entries, devices, count):
    """
    Alternate: every round, each entry (label, contestant, measure) has its contestant set
    up, measured and removed, on the same devices. Returns {label: [ns of each round]}.
    """
    times = {label: [] for label, _, _ in entries}
    for _ in range(count):
        for label, contestant, measure in entries:
            contestant.up(devices)
            try:
                times[label].append(measure(contestant))
            finally:
                contestant.down()
    return times


def clean():
    """Whatever a case left: nothing of it is to be seen by the next."""
    sh("midoctl flush; rmmod mn_floor; ovs-dpctl del-dp bench", check=False)
    for line in sh("ip -br link").splitlines():
        dev = line.split()[0].split("@")[0]
        if dev != "lo":
            sh(f"ip link del {dev}", check=False)
    sh("ip -all netns del", check=False)
