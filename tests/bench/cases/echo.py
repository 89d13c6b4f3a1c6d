# SPDX-License-Identifier: GPL-2.0
"""P5a: what a first packet adds to a round trip between two VMs, by their own stacks."""

import os
import subprocess
import time

import lab
from cases.route import BACK, NEXT, NEXT_IP, Chains
from contestants import present

FLOWS = 2000
PORT = 9000


def _vms():
    """The stations of cases.route, with stacks of their own; nobody has to be asked for."""
    lab.add_netns("a", "b")
    for ns, mac, address, router, gateway in (
            ("a", lab.SRC, "10.0.0.2/9", lab.DST, "10.0.0.1"),
            ("b", NEXT, f"{NEXT_IP}/24", BACK, "10.128.0.2")):
        lab.add_veth(f"p{ns}", ns, f"v{ns}")
        lab.sh(f"ip -n {ns} -batch -", "\n".join((
            f"link set v{ns} address {mac}", f"addr add {address} dev v{ns}",
            f"neigh replace {gateway} lladdr {router} dev v{ns} nud permanent",
            f"route add default via {gateway}")) + "\n")


def _serve():
    with lab.netns("b"):
        return subprocess.Popen([os.environ["BENCH_ECHO"], "serve", str(PORT)])


def _ask(_contestant):
    """{quantile: ns}; the flows before are gone with the contestant before"""
    out = lab.sh(f"ip netns exec a $BENCH_ECHO ask {NEXT_IP} {PORT} {FLOWS}")
    return {k: int(v) for k, v in (word.split("=") for word in out.split())}


def p5a(bench, topology=Chains):
    """topology: a contestant of cases.route; rules are added by its `extra`"""
    _vms()
    entries = [(c.name, c, _ask) for c in present(topology)]
    if not entries:
        raise lab.Failed("nobody to measure")
    server = _serve()
    try:
        time.sleep(0.5)
        rounds = lab.rounds(entries, ["pa", "pb"], bench.rounds)[topology.name]
    finally:
        server.terminate()
        server.wait()
    times = {what: [one[what] for one in rounds] for what in rounds[0]}
    bench.show(f"round trip, {FLOWS} fresh flows and one", times)
    ns = {what: lab.median(values) for what, values in times.items()}
    for quantile in ("p50", "p99"):
        figure = lab.median([one[f"fresh_{quantile}"] / one[f"one_{quantile}"] for one in rounds])
        bench.figure("P5a", quantile, figure,
                     {w: v for w, v in ns.items() if w.endswith(quantile)})
