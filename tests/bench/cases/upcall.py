# SPDX-License-Identifier: GPL-2.0
"""P4c: new flows a second when the policy names both ports, against ovs-vswitchd's upcalls."""

import time

import lab
import pktgen
from contestants import Contestant, Floor, Midonet, OvsL2, present

# ovs-vswitchd started earlier after boot counts no CPU and loses every upcall
EARLIEST = 12
RUN = "/run/openvswitch"
SECONDS = 3
# offered packets a second, 0: as many as can be made; a contestant's figure is the most it
# delivered
OFFERED = (4000, 8000, 16000, 32000, 0)
MOST = 200_000


class Chained(Midonet):
    extra = ("chain add ports", "rule add ports proto udp src-port 7 drop",
             "rule add ports proto udp dst-port 7 drop", "port set net0:a in-chain ports")


class Vswitchd(Contestant):
    """Bridge br0 of ovs-vswitchd. Both ports are read whole, so every flow is an upcall."""

    name = "ovs"
    FLOWS = ("udp,tp_src=7,actions=drop", "udp,tp_dst=7,actions=drop",
             "priority=9,udp,actions=move:NXM_OF_UDP_SRC[]->NXM_NX_REG0[0..15],"
             "move:NXM_OF_UDP_DST[]->NXM_NX_REG0[16..31],resubmit(,1)",
             "priority=8,actions=resubmit(,1)")

    def up(self, devices):
        ins, out = devices
        wait = EARLIEST - float(lab.read("/proc/uptime").split()[0])
        time.sleep(max(wait, 0))
        lines = ["set -e", f"mkdir -p {RUN}",
                 f"ovsdb-tool create {RUN}/conf.db /usr/share/openvswitch/vswitch.ovsschema",
                 f"ovsdb-server {RUN}/conf.db --remote=punix:{RUN}/db.sock --pidfile --detach"
                 f" --log-file={RUN}/ovsdb.log -vconsole:off",
                 "ovs-vsctl --no-wait init",
                 f"ovs-vswitchd --pidfile --detach --log-file={RUN}/vswitchd.log -vconsole:off",
                 f"ovs-vsctl -- add-br br0 -- add-port br0 {ins} -- add-port br0 {out}"]
        lines += [f"ovs-ofctl add-flow br0 '{flow}'" for flow in self.FLOWS]
        lines += [f"ovs-ofctl add-flow br0 table=1,in_port={a},actions=output:{b}"
                  for a, b in ((ins, out), (out, ins))]
        lab.sh("\n".join(lines))

    def down(self):
        lab.sh("ovs-appctl exit --cleanup; ovs-appctl -t ovsdb-server exit;"
               f" while ls {RUN}/*.pid; do sleep 0.1; done; ovs-dpctl del-dp ovs-system;"
               f" rm -rf {RUN}", check=False)

    @classmethod
    def missing(cls):
        return OvsL2.missing()


def _delivered(path, rate, piece):
    """packets a second that came out, of rate that went in, each a flow of its own"""
    count = rate * SECONDS or MOST
    before = path.delivered()
    path.configure(count, pktgen.fresh(piece), rate=rate)
    pktgen.start()
    return (path.delivered() - before) * 1e9 / (path.result() * count)


def _best(path):
    """ns per new flow, at the best of the offered rates"""
    best = 0
    for piece, rate in enumerate(OFFERED):
        got = _delivered(path, rate, piece)
        best = max(best, got)
    if not best:
        raise lab.Failed("nothing was delivered")
    return 1e9 / best


def p4c(bench):
    lab.add_netns("a", "b")
    path = pktgen.Pktgen()
    path.make()
    entries = [(c.name, c, lambda _: _best(path)) for c in present(Floor, Vswitchd, Chained)]
    times = lab.rounds(entries, [path.ins, path.out], bench.rounds)
    bench.show("ns per new flow", times)
    ns = {name: lab.median(values) for name, values in times.items()}
    both = {"midonet", "ovs"} <= set(ns)
    bench.figure("P4c", "vs-ovs", ns["ovs"] / ns["midonet"] if both else None, ns)
    # generator and veths set the end of the scale: their share is the floor's
    above = (ns["ovs"] - ns["floor"]) / (ns["midonet"] - ns["floor"]) if both else None
    bench.figure("P4c", "above-floor", above, ns)
