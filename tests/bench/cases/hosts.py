# SPDX-License-Identifier: GPL-2.0
"""P13: fifty hypervisors in one kernel, each of which knows all thousand ports."""

import time

import lab
from cases.memory import growth
from contestants import Midonet

HOSTS = 50
BRIDGES = 20
NAMES = [f"h{n}" for n in range(1, HOSTS + 1)]


def _topology():
    """midoctl's words: bridges with a port on every host, one zone of all hosts"""
    lines = [f"host add {name}" for name in NAMES]
    lines += ["tunnel-zone add tz encap vxlan"]
    lines += [f"tunnel-zone member add tz {name} address 192.0.2.{n}"
              for n, name in enumerate(NAMES, 1)]
    key = 0
    for bridge in range(BRIDGES):
        lines.append(f"bridge add net{bridge}")
        for name in NAMES:
            key += 1
            lines.append(f"port add net{bridge}:{name} host {name} dev vm{bridge} "
                         f"tunnel-key {key}")
    return "\n".join(lines) + "\n"


def _namespaces():
    lab.add_netns(*NAMES)
    for n, name in enumerate(NAMES, 1):
        lab.sh(f"ip -n {name} addr add 192.0.2.{n}/24 dev lo && midoctl -n {name} status")


def _timed(times, line, text=None):
    """The tool's own time is part of it."""
    begin = time.monotonic()
    lab.sh(line, text)
    times.append((time.monotonic() - begin) * 1e9)


def _commit_all(times):
    text = _topology()
    for name in NAMES:
        _timed(times, f"midoctl -n {name} batch -", text)
        lab.sh(f"midoctl -n {name} host set-local {name}")


def _check():
    """The tunnels are open, and all ports are known."""
    for name in (NAMES[0], NAMES[-1]):
        shown = lab.sh(f"midoctl -n {name} status")
        if f"{HOSTS - 1} peers" not in shown:
            raise lab.Failed(f"{name} has not all its peers: {shown}")
        ports = lab.sh(f"midoctl -n {name} -j port list").count('"tunnel-key"')
        if ports != HOSTS * BRIDGES:
            raise lab.Failed(f"{name} has {ports} ports")


def p13(bench):
    why = Midonet.missing()
    if why:
        raise lab.Failed(why)
    _namespaces()
    commits, ports = [], []
    size = sum(growth(lambda: _commit_all(commits)))
    _check()
    # a port of the first host is known on the others
    for name in NAMES[1:]:
        _timed(ports, f"midoctl -n {name} port add net0:new host {NAMES[0]} tunnel-key 99999")
    bench.show(f"{HOSTS} hypervisors, midoctl batch of {HOSTS * BRIDGES} ports",
               {"midonet": commits})
    ns = lab.median(commits)
    bench.figure("P13", "commit-ms", ns / 1e6, {"midonet": ns}, len(commits))
    ns = lab.median(ports)
    bench.figure("P13", "port-ms", ns / 1e6, {"midonet": ns}, len(ports))
    bench.figure("P13", "kib", size / HOSTS / 1024, {}, 1)
