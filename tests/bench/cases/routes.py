# SPDX-License-Identifier: GPL-2.0
"""P8R: a million routes in one router: what they take, and what a look-up takes among them."""

import json
import os

import feed
import lab
from cases.forward import _medians
from cases.memory import growth
from cases.route import NEXT
from contestants import Midonet, Sink

ROUTES = 1_000_000
FEW = 10
MORE = 200
# routers beside each other: who has how many routes is chosen by the MAC that is sent to
MACS = {"few": "02:00:00:00:99:04", "many": "02:00:00:00:99:05"}


class Routers(Midonet):
    """Bridge, two routers, bridge. A chain reads both ports, so every flow is walked."""

    name = "midonet routes"

    def up(self, devices):
        lines = ["bridge add net0", f"port add net0:vm dev {devices[0]}",
                 "bridge add net1", f"port add net1:vm dev {devices[1]}",
                 f"mac add net0 {lab.SRC} port vm", f"mac add net1 {NEXT} port vm",
                 "chain add ports", "rule add ports src-port 7 drop",
                 "rule add ports dst-port 7 drop", "port set net0:vm in-chain ports"]
        lines += [f"neighbour add net1 10.128.0.{n} mac {NEXT}" for n in range(2, 18)]
        for n, (name, mac) in enumerate(MACS.items()):
            lines += [f"router add {name}", f"port add net0:{name}", f"port add net1:{name}",
                      f"port add {name}:a mac {mac} addresses 10.0.0.{n + 1}/9 peer net0:{name}",
                      f"port add {name}:b addresses 10.128.0.{n + 100}/24,fd00:2::{n + 100}/64"
                      f" peer net1:{name}",
                      f"route add {name} dst 0.0.0.0/0 port b gateway 10.128.0.2"]
        lab.sh("midoctl batch -", "\n".join(lines) + "\n")


def _id(what, name):
    return next(o["id"] for o in json.loads(lab.sh(f"midoctl -j {what} list"))
                if o["name"] == name)


def _commit(verb, name, count):
    """ns of a commit of so many routes ("routes"), or of one, so many times ("route")"""
    out = lab.sh(f"{os.environ['BENCH_COMMIT']} {verb} {_id('router', name)}"
                 f" {_id('port', name + ':b')} {count}")
    return int(out.split()[0].partition("=")[2])


def _load(bench):
    """Fill both routers, with an eye on the greater one."""
    spent = []
    _commit("routes", "few", FEW - 1)
    size = growth(lambda: spent.append(_commit("routes", "many", ROUTES)))[0]
    bench.figure("P8R", "route", size / ROUTES, {}, 1)
    bench.figure("P8R", "commit-ms", spent[0] / 1e6, {"each": spent[0] / ROUTES}, 1)
    more = {name: _commit("route", name, MORE) for name in MACS}
    bench.figure("P8R", "one-more", more["many"] / more["few"], more, 1)


def _look_up(bench, routers):
    """The first packet of every flow, to destinations everywhere."""
    times = {"build+free": [], **{name: [] for name in MACS}}
    for _ in range(bench.rounds):
        times["build+free"].append(feed.measure(Sink(), "d0", "d1", mode="spread"))
        for name, mac in MACS.items():
            times[name].append(feed.measure(routers, "d0", "d1", mode="spread", dst=mac))
    ns = _medians(bench, f"first packet, {FEW} and {ROUTES} routes", times)
    base = ns.pop("build+free")
    ns = {name: value - base for name, value in ns.items()}
    bench.figure("P8R", "look-up", ns["many"] / ns["few"], ns)


def p8r(bench):
    why = Midonet.missing()
    if why:
        raise lab.Failed(why)
    lab.add_dummy("d0", "d1")
    routers = Routers()
    routers.up(["d0", "d1"])
    _load(bench)
    _look_up(bench, routers)
    routers.down()
