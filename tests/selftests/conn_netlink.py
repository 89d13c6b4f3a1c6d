#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""The cases of conn_netlink.sh.

usage: conn_netlink.py SPECIFICATION

Says "ok WHAT", "not ok WHAT", and "end" at the end.
"""
import ipaddress
import os
import socket
import struct
import sys

from lib import NlError, YnlFamily

BRIDGE, PORT, OTHER, ROUTER, CHAIN, RULE, SNAT, NOBODY = (f"{n:032x}" for n in range(0xb1, 0xb9))
MANY = 1500
MAX = "/proc/sys/net/midonet/conns_max"


def check(what, passed, *notes):
    print("ok" if passed else "not ok", what, flush=True)
    if not passed:
        print(*notes, flush=True)


def pack(address):
    return ipaddress.ip_address(address).packed


def ends(src, sport, dst, dport, **more):
    """A tuple as netlink has it."""
    both = {"src": pack(src), "dst": pack(dst)}
    if sport is not None:
        both |= {"src-port": sport, "dst-port": dport}
    return both | {key.replace("_", "-"): value for key, value in more.items()}


def udp(n=0, **more):
    """A connection of which there are many."""
    client, server = f"10.0.{n >> 8}.{n & 255}", "10.1.0.1"
    return {"device-id": BRIDGE, "port-id": PORT, "proto": 17, "state": "unanswered",
            "forward": ends(client, 1000, server, 53),
            "reply": ends(server, 53, client, 1000)} | \
           {key.replace("_", "-"): value for key, value in more.items()}


def natted():
    """TCP of IPv6, translated on both sides."""
    return udp(device_id=ROUTER, proto=6, state="fin-wait", answered=1, age=500, expires=20,
               forward=ends("fd00::1", 4000, "fd01::80", 80),
               reply=ends("fd02::5", 8080, "2001:db8::1", 61000))


def echo():
    return udp(proto=1, state="answered", answered=1,
               forward=ends("10.0.0.1", None, "10.0.0.2", None, icmp_id=7),
               reply=ends("10.0.0.2", None, "192.0.2.1", None, icmp_id=9))


def gre():
    return udp(proto=47, forward=ends("10.0.0.1", None, "10.0.0.2", None),
               reply=ends("10.0.0.2", None, "10.0.0.1", None))


class Test:
    def __init__(self, spec):
        self.ynl = YnlFamily(spec, "")

    def do(self, op, **attrs):
        return self.ynl.do(op, {key.replace("_", "-"): value for key, value in attrs.items()})

    def refused(self, what, error, words, conn):
        """Expect that a connection is refused in these words."""
        try:
            self.ynl.do("conn-new", conn)
        except NlError as failure:
            said = failure.nl_msg.extack.get("msg", "") if failure.nl_msg.extack else ""
            check(f"{what}: {words}", failure.error == error and words in said,
                  os.strerror(failure.error), said)
            return
        check(f"{what}: {words}", False, "accepted")

    def conns(self, **filters):
        conns = self.ynl.dump("conn-get", {key.replace("_", "-"): value
                                           for key, value in filters.items()})
        for conn in conns:
            for key in ("device-id", "port-id"):
                conn[key] = conn[key].replace(" ", "")
        return conns

    def count(self, **filters):
        return self.do("conn-count", **filters)["count"]

    def set_up(self):
        self.do("bridge-new", id=BRIDGE, name="net")
        self.do("port-new", id=PORT, name="a", parent=BRIDGE)
        self.do("port-new", id=OTHER, name="b", parent=BRIDGE)
        self.do("router-new", id=ROUTER, name="edge")
        self.do("chain-new", id=CHAIN, name="chain")
        self.do("rule-new", id=RULE, parent=CHAIN, action="accept")
        self.do("rule-new", id=SNAT, parent=CHAIN, action="snat",
                target={"first": pack("192.0.2.1"), "first-port": 1024, "last-port": 2047})

    def restore(self):
        check("there is none", self.conns() == [] and self.count() == 0)
        for make in (udp, natted, echo, gre):
            want = make()
            self.ynl.do("conn-new", want)
            got = [conn for conn in self.conns() if conn["proto"] == want["proto"]]
            same = len(got) == 1 and all(got[0][key] == value for key, value in want.items())
            check(f"{make.__name__}: listed as it was restored", same, want, got)
        conn = self.conns(filter={"proto": [6]})[0]
        names = {key: conn[key] for key in ("device", "port", "origin")}
        check("with names", names == {"device": "edge", "port": "net:a", "origin": "local"}, names)
        self.ynl.do("conn-new", udp(300, device_id=ROUTER, snat_rule_id=SNAT,
                                    reply=ends("10.1.0.1", 53, "192.0.2.1", 1024)))
        by_rule = [(conn["snat-rule"], conn["snat-rule-id"].replace(" ", ""))
                   for conn in self.conns() if "snat-rule" in conn]
        check("with the rule that translates it", by_rule == [("chain:2", SNAT)], by_rule)
        self.do("rule-del", id=SNAT)
        by_rule = [conn["snat-rule"] for conn in self.conns() if "snat-rule" in conn]
        check("even if that is gone", by_rule == ["chain:-"], by_rule)
        self.do("conn-flush", filter={"src": [b"\x18" + pack("10.0.1.0")]})
        plain = self.conns(filter={"proto": [47]})[0]
        check("a default of the age and of the time left",
              plain["age"] < 60 and 540 < plain["expires"] <= 600 and plain["answered"] == 0, plain)
        for make in (udp, natted, echo, gre):
            self.ynl.do("conn-new", make())
        check("once more is accepted, and changes nothing", self.count() == 4)
        # what was listed can be restored
        shown = ("device", "port", "origin")
        before = self.conns()
        check("forgotten", self.do("conn-flush")["count"] == 4 and self.conns() == [])
        for conn in before:
            self.ynl.do("conn-new", {key: value for key, value in conn.items() if key not in shown})
        differ = [(a, b) for a, b in zip(sorted(before, key=str), sorted(self.conns(), key=str))
                  for key in a if key not in ("age", "expires") and a[key] != b[key]]
        check("and restored from the listing", not differ and self.count() == 4, differ)

    def select(self):
        for words, count in (({"device_id": ROUTER}, 1), ({"device_id": BRIDGE}, 3),
                             ({"filter": {"src": [b"\x20" + pack("10.0.0.1")]}}, 2),
                             ({"filter": {"dst": [b"\x18" + pack("10.1.0.0")]}}, 1),
                             ({"filter": {"dst-port": [50 << 16 | 60]}}, 1),
                             ({"filter": {"ethertype": [0x86dd]}}, 1),
                             ({"filter": {"proto": [17], "invert": 1 << 10}}, 3),
                             ({"filter": {"proto": [6]}, "device_id": BRIDGE}, 0)):
            got = (self.count(**words), len(self.conns(**words)))
            check(f"{count} of {words}", got == (count, count), got)
        for words, said in (({"filter": {"vlan": [5]}}, "connections have no vlan"),
                            ({"filter": {"tcp-flags": [2]}}, "connections have no tcp-flags"),
                            ({"filter": {"in-port": [PORT]}}, "only headers can be matched here"),
                            ({"device_id": NOBODY}, "no bridge with id"),
                            ({"device_id": PORT}, "no bridge with id")):
            for call in (self.count, self.conns):
                try:
                    call(**words)
                    check(f"refused: {said}", False, "accepted")
                except NlError as failure:
                    text = failure.nl_msg.extack.get("msg", "")
                    check(f"refused: {said}", said in text, text)
        check("flush of a device", self.do("conn-flush", device_id=ROUTER)["count"] == 1)
        check("flush of a filter",
              self.do("conn-flush", filter={"proto": [1, 47]})["count"] == 2)
        check("the others stay", [conn["proto"] for conn in self.conns()] == [17])
        self.do("conn-flush")

    def refusals(self):
        there = ends("10.0.0.1", 1, "10.1.0.1", 53)
        back = ends("10.1.0.1", 53, "10.0.0.1", 1)
        for key in ("proto", "forward", "reply", "state", "device-id", "port-id"):
            conn = udp()
            del conn[key]
            self.refused("an incomplete one", 22, f"{key} is missing", conn)
        for error, words, conn in (
                (2, "no bridge with id", udp(device_id=NOBODY)),
                (2, "no bridge with id", udp(device_id=PORT)),
                (2, "no port with id", udp(port_id=NOBODY)),
                (2, "no port with id", udp(port_id=BRIDGE)),
                (2, "no rule with id", udp(snat_rule_id=NOBODY)),
                (22, "does no snat", udp(snat_rule_id=RULE)),
                (22, "does no dnat", udp(dnat_rule_id=RULE)),
                (22, "forward: src is missing", udp(forward={"dst": pack("10.0.0.1")})),
                (22, "reply: dst is missing", udp(reply={"src": pack("10.0.0.1")})),
                (22, "addresses of 4 or 16 bytes", udp(forward=there | {"src": bytes(5)})),
                (22, "addresses of 4 or 16 bytes", udp(forward=there | {"src": bytes(16)})),
                (22, "of different families", udp(reply=ends("fd00::1", 53, "fd00::2", 1))),
                (22, "forward: protocol 17 has a src-port",
                 udp(forward=ends("10.0.0.1", None, "10.1.0.1", None))),
                (22, "protocol 47 has no ports", udp(proto=47)),
                (22, "protocol 17 has no icmp-id", udp(reply=back | {"icmp-id": 3})),
                (22, "protocol 1 has an icmp-id", gre() | {"proto": 1}),
                (22, "protocol 58 has no icmp-id", echo() | {"proto": 58}),
                (22, "forward: such packets are not tracked",
                 udp(forward=ends("10.0.0.1", 1, "224.0.0.5", 53))),
                (22, "reply: such packets are not tracked",
                 udp(reply=ends("10.0.0.1", 1, "255.255.255.255", 53))),
                (22, "forward: such packets are not tracked", gre() | {"proto": 2}),
                (22, "state: none of protocol 17", udp(state="established")),
                (22, "state: none of protocol 6", udp(proto=6, state="answered")),
                (22, "contradict each other", udp(state="answered", answered=0)),
                (22, "contradict each other", udp(answered=1))):
            self.refused("nonsense", error, words, conn)
        self.ynl.do("conn-new", udp())
        self.refused("another way back", 17, "another connection with the forward tuple",
                     udp(reply=ends("10.1.0.1", 53, "192.0.2.9", 1000)))
        self.refused("another way there", 17, "another connection with the reply tuple",
                     udp(forward=ends("10.7.7.7", 1000, "10.1.0.1", 53)))
        check("there is but the one", self.count() == 1)
        with open(MAX, "w", encoding="ascii") as file:
            file.write("1")
        self.refused("a full table", 28, "no room for another connection", udp(1, port_id=OTHER))
        with open(MAX, "w", encoding="ascii") as file:
            file.write("100000")
        self.do("conn-flush")

    def time(self):
        self.ynl.do("conn-new", udp(1, expires=7))
        self.ynl.do("conn-new", udp(2, expires=4000000000, age=4000000000))
        left = sorted(conn["expires"] for conn in self.conns())
        check("what is left is what was said, or what there is",
              0 < left[0] <= 7 and 20 < left[1] <= 30, left)
        self.do("conn-flush")

    def many(self):
        for n in range(MANY):
            self.ynl.do("conn-new", udp(n))
        check(f"{MANY} are counted", self.count() == MANY, self.count())
        listed = {conn["forward"]["src"] for conn in self.conns()}
        check("and listed, each of them", len(listed) == MANY, len(listed))
        some = self.do("conn-flush", filter={"src": [b"\x18" + pack("10.0.1.0")]})["count"]
        check("256 of a prefix are forgotten", some == 256, some)
        check("the others are there", len(self.conns()) == MANY - 256)

    def leave(self):
        """Nobody reads what he asked for, and goes."""
        sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 16)
        family = self.ynl.nlproto.family_id
        cmd = self.ynl.ops["conn-get"].req_value
        message = struct.pack("=BBH", cmd, 1, 0)
        sock.send(struct.pack("=IHHII", 16 + len(message), family, 0x301, 1, 0) + message)
        sock.close()
        check("a listing that nobody reads", self.count() == MANY - 256)
        self.do("bridge-del", id=BRIDGE)
        check("connections of a bridge that was removed are not listed",
              self.conns() == [] and self.count() == 0, self.count())


def main():
    test = Test(sys.argv[1])
    test.set_up()
    test.restore()
    test.select()
    test.refusals()
    test.time()
    test.many()
    test.leave()
    print("end")


main()
