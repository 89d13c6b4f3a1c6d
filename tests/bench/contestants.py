# SPDX-License-Identifier: GPL-2.0
"""
Who runs. A contestant is set up on devices, in pairs (what enters the first leaves by the
second), and removed. A new one is a class with up and down.
"""

import shutil

import lab


class Contestant:
    name = ""
    delivers = True     # packets come out at the other end
    sink = False        # harness 2: build and free, receive nothing

    def up(self, devices):
        raise NotImplementedError

    def down(self):
        raise NotImplementedError

    @classmethod
    def missing(cls):
        """Why it cannot run here; None if it can."""
        return None


class Nothing(Contestant):
    """The harness's own cost: the device is there and nobody listens."""

    delivers = False

    def up(self, devices):
        pass

    def down(self):
        pass


class Drop(Nothing):
    name = "drop"


class Sink(Nothing):
    name = "build+free"
    sink = True


class Floor(Contestant):
    name = "floor"

    def up(self, devices):
        lab.sh(f"insmod {lab.module('mn_floor')} devs={','.join(devices)}")

    def down(self):
        lab.sh("rmmod mn_floor")


def two_by_two(devices):
    return list(zip(devices[::2], devices[1::2]))


class OvsL2(Contestant):
    """One wildcard flow each way, as few fields as it accepts."""

    name = "ovs"

    def up(self, devices):
        lab.sh(f"ovs-dpctl add-dp bench {' '.join(devices)}")
        lab.sh("ovs-dpctl add-flows bench -", "".join(
            f"in_port({n}),eth(),{match} {self.peer(n)}\n" for n, _ in enumerate(devices, 1)
            for match in ("eth_type(0x0800),ipv4(frag=no)", "eth_type(0x0806),arp()")))

    @staticmethod
    def peer(n):
        return n + 1 if n % 2 else n - 1

    def down(self):
        lab.sh("ovs-dpctl del-dp bench")

    @classmethod
    def missing(cls):
        return None if shutil.which("ovs-dpctl") else "no ovs-dpctl here"


class Bridge(Contestant):
    """The kernel's bridge; both MACs known."""

    name = "bridge"
    count = 0

    def up(self, devices):
        links, macs = [], []
        for n, (ins, out) in enumerate(two_by_two(devices)):
            links += [f"link add br{n} type bridge",
                      f"link set {ins} master br{n}", f"link set {out} master br{n}",
                      f"link set br{n} up"]
            macs += [f"fdb add {lab.DST} dev {out} master static",
                     f"fdb add {lab.SRC} dev {ins} master static"]
        self.count = len(devices) // 2
        lab.sh("ip -batch -", "\n".join(links) + "\n")
        lab.sh("bridge -batch -", "\n".join(macs) + "\n")

    def down(self):
        for n in range(self.count):
            lab.sh(f"ip link del br{n}")


class Midonet(Contestant):
    """One virtual bridge a pair; both MACs known."""

    name = "midonet"
    extra = ()          # further midoctl lines

    def up(self, devices):
        lines = []
        for n, (ins, out) in enumerate(two_by_two(devices)):
            lines += [f"bridge add net{n}", f"port add net{n}:a dev {ins}",
                      f"port add net{n}:b dev {out}",
                      f"mac add net{n} {lab.DST} port b", f"mac add net{n} {lab.SRC} port a"]
        lab.sh("midoctl batch -", "\n".join(lines + list(self.extra)) + "\n")

    def down(self):
        lab.sh("midoctl flush")

    @classmethod
    def missing(cls):
        try:
            lab.sh("midoctl -j status")
        except lab.Failed as why:
            return str(why)
        return None


def present(*classes):
    """Those that can run here; the others are named on stderr."""
    found = []
    for cls in classes:
        why = cls.missing()
        if why:
            lab.say(f"  without {cls.name}: {why}")
        else:
            found.append(cls())
    return found
