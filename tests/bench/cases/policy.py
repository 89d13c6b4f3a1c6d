# SPDX-License-Identifier: GPL-2.0
"""P6: the first packet of a flow against the length of a chain, one match word at a time."""

import feed
import lab
from cases.forward import _medians
from contestants import Midonet, Sink

LENGTHS = (10, 100, 1_000, 10_000)
# nobody sends from here
NOBODY = 0xC0A80000


def _address(n):
    n += NOBODY
    return f"{n >> 24}.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}"


def _proto(n):
    """Neither UDP nor TCP."""
    n = n % 250 + 1
    return n + 1 if n in (6, 17) else n


# word: match of rule n. No packet matches it, but that of src-port: there are not so many ports,
# so these rules go on
WORDS = {
    "src": lambda n: f"src {_address(n)} drop",
    "dst": lambda n: f"dst {_address(n)} drop",
    "src-port": lambda n: f"src-port {1024 + n} continue",
    "dst-port": lambda n: f"dst-port {1024 + n} drop",
    "proto": lambda n: f"proto {_proto(n)} drop",
    # SYN and whatever; packets have ACK alone
    "tcp-flags": lambda n: f"tcp-flags 0x{2 | n & 0x1d:02x}/0x3f drop",
    "sets": lambda n: f"src-set s{n} drop",
}


class Chain(Midonet):
    """A bridge with a chain at its port. What all words read makes every packet a new flow."""

    name = "midonet chain"

    def __init__(self, word, length):
        self.word, self.length = word, length

    def up(self, devices):
        super().up(devices)
        lines = ["chain add c", "rule add c src 10.255.255.255 continue",
                 "rule add c src-port 1 continue"]
        if self.word == "sets":
            lines += [f"ip-set add s{n} members {_address(n)},172.16.{n >> 8}.{n & 255}/31"
                      for n in range(0, 2 * self.length, 2)]
        step = 2 if self.word == "sets" else 1
        lines += [f"rule add c {WORDS[self.word](n)}"
                  for n in range(0, step * self.length, step)]
        lines += ["port set net0:a in-chain c"]
        lab.sh("midoctl batch -", "\n".join(lines) + "\n")


def _measure(word, mode):
    words = {"mode": mode} if mode != "fresh" or word != "tcp-flags" else {"mode": "fresh-tcp"}
    return lambda c: feed.measure(c, "d0", "d1", **words)


def p6(bench):
    why = Midonet.missing()
    if why:
        raise lab.Failed(why)
    lab.add_dummy("d0", "d1")
    kept = {}
    for word in WORDS:
        entries = [("build+free", Sink(), lambda c: feed.measure(c, "d0", "d1"))]
        entries += [(f"{n}", Chain(word, n), _measure(word, "fresh")) for n in LENGTHS]
        entries += [(f"established {n}", Chain(word, n), _measure(word, "flows"))
                    for n in (LENGTHS[0], LENGTHS[-1])]
        ns = _medians(bench, f"net, first packet, rules that name {word}",
                      lab.rounds(entries, ["d0", "d1"], bench.rounds))
        base = ns.pop("build+free")
        ns = {name: value - base for name, value in ns.items()}
        bench.figure("P6", word, ns[f"{LENGTHS[-1]}"] / ns[f"{LENGTHS[0]}"], ns)
        kept[word] = ns[f"established {LENGTHS[-1]}"] / ns[f"established {LENGTHS[0]}"]
    bench.figure("P6", "established", lab.median(kept.values()), {})
