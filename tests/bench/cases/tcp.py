# SPDX-License-Identifier: GPL-2.0
"""P7: a TCP stream from VM to VM on one host."""

import json

import lab
from contestants import Bridge, Floor, Midonet, OvsL2, present

SECONDS = 4
INTERVAL = 0.25
KIB = 1024


class Learning(Midonet):
    """As a user has it: nothing static, MACs are learned."""

    def up(self, devices):
        ins, out = devices
        lab.sh("midoctl batch -", "bridge add net0\n"
               f"port add net0:a dev {ins}\nport add net0:b dev {out}\n")


def stream(_contestant):
    """ns per KiB, in the best interval: what else the machine does only ever adds"""
    lab.sh("ip netns exec b iperf3 -s -1 -D")
    lab.sh("for i in 1 2 3 4 5 6 7 8 9; do ip netns exec a ping -c1 -W1 10.9.0.2 && break; done")
    out = lab.sh(f"ip netns exec a iperf3 -c 10.9.0.2 -t {SECONDS} -i {INTERVAL} -O 1 -J")
    intervals = [i["sum"] for i in json.loads(out)["intervals"]]
    return min(i["seconds"] * 1e9 / (i["bytes"] / KIB) for i in intervals
               if i["bytes"] and not i["omitted"])


def p7(bench):
    lab.add_netns("a", "b")
    lab.add_veth("pa", "a", "va")
    lab.add_veth("pb", "b", "vb")
    lab.sh("ip -n a addr add 10.9.0.1/24 dev va && ip -n b addr add 10.9.0.2/24 dev vb")
    entries = [(c.name, c, stream) for c in present(Floor, OvsL2, Bridge, Learning)]
    times = lab.rounds(entries, ["pa", "pb"], bench.rounds)
    bench.show("TCP stream, ns per KiB", times)
    ns = {name: lab.median(values) for name, values in times.items()}
    figure = ns["floor"] / ns["midonet"] if "midonet" in ns else None
    bench.figure("P7", "vs-floor", figure, ns)
