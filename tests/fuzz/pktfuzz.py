#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Fuzzer of the packet path: malformed and well-formed frames into devices.

usage: pktfuzz.py SECONDS SEED [--translated SIDE] DEV...

The kernel log is the judge. Frames begin as something plausible (ARP, IPv4, IPv6,
ND, TCP, UDP, ICMP, fragments, VLANs, extension headers), then are cut, stretched
and flipped. Half of them are for routers, see pktrouted.py, or mostly for one that
translates, see pkttranslated.py.
"""
import random
import socket
import struct
import sys
import time

import pktrouted
import pkttranslated

SOL_PACKET, PACKET_VNET_HDR = 263, 15
MACS = ["ffffffffffff", "020000000001", "020000000002", "01005e000001", "3333ff000001", "000000000000", "0180c2000000"]
V4 = ["0a000001", "0a000002", "00000000", "ffffffff", "e0000001", "7f000001"]
V6 = ["fd" + "00" * 14 + "01", "fd" + "00" * 14 + "02", "00" * 16, "ff02" + "00" * 13 + "01", "fe80" + "00" * 13 + "01"]


def h(s):
    return bytes.fromhex(s)


def rb(r, n):
    return r.getrandbits(8 * n).to_bytes(n, "big") if n else b""


def l4(r):
    proto = r.choice([6, 17, 1, 58, 132, 47, 50, 0, 255])
    if proto == 6:
        return proto, struct.pack("!HHIIBBHHH", r.randrange(65536), r.choice([80, 22, 5201]), 1, 2, r.choice([0x50, 0xf0, 0]), r.randrange(256), 100, 0, 0) + rb(r, r.randrange(60))
    if proto == 17:
        return proto, struct.pack("!HHHH", r.choice([67, 68, 546, 53, r.randrange(65536)]), r.choice([67, 547, 53]), r.choice([8, 9, 65535, 0, 20]), 0) + rb(r, r.randrange(60))
    if proto == 58:
        body = r.choice([133, 134, 135, 136, 137, 128, 1, 2])
        opts = b"".join(bytes([r.choice([1, 2, 3, 5]), r.choice([0, 1, 2, 255])]) + rb(r, 6) for _ in range(r.randrange(4)))
        return proto, bytes([body, r.choice([0, 0, 1]), 0, 0]) + rb(r, 4) + h(r.choice(V6)) + opts
    return proto, bytes([r.choice([8, 0, 3, 11])]) + rb(r, r.randrange(40))


def ip4(r):
    proto, body = l4(r)
    opts = rb(r, 4 * r.choice([0, 0, 0, 1, 10]))
    off = r.choice([0, 0, 0, 0x2000, 0x2001, 0x1fff, 0x4000, r.randrange(65536)])
    total = r.choice([20 + len(opts) + len(body)] * 4 + [0, 19, 65535])
    return h("0800") + struct.pack("!BBHHHBBH", 0x40 | (5 + len(opts) // 4), r.randrange(256), total, r.randrange(8), off, r.choice([0, 1, 64, 255]), proto, 0) + h(r.choice(V4)) + h(r.choice(V4)) + opts + body


def ip6(r):
    nxt, body = l4(r)
    for _ in range(r.choice([0, 0, 0, 1, 2, 3, 9, 20])):
        kind = r.choice([0, 43, 44, 60, 51])
        n = 8 if kind == 44 else 8 * (1 + r.choice([0, 0, 1, 3]))
        hdr = bytearray(rb(r, n))
        hdr[0], hdr[1] = nxt, r.choice([n // 8 - 1, n // 8 - 1, 255]) if kind != 44 else 0
        if kind == 44:
            hdr[2:4] = struct.pack("!H", r.choice([0, 1, 8, 9, 0xfff9]))
            hdr[4:8] = struct.pack("!I", r.randrange(8))
        nxt, body = kind, bytes(hdr) + body
    plen = r.choice([len(body)] * 4 + [0, 65535, max(len(body) - 3, 0)])
    return h("86dd") + struct.pack("!IHBB", 0x60000000 | r.getrandbits(28), plen, nxt, r.choice([0, 1, 64, 255])) + h(r.choice(V6)) + h(r.choice(V6)) + body


def arp(r):
    return h("0806") + struct.pack("!HHBBH", r.choice([1, 1, 6]), 0x0800, r.choice([6, 6, 0, 255]), r.choice([4, 4, 16]), r.choice([1, 2, 3, 0xffff])) + h(r.choice(MACS)) + h(r.choice(V4)) + h(r.choice(MACS)) + h(r.choice(V4))


def break_frame(r, f):
    if r.random() < 0.3:
        f = f[:max(14, r.randrange(len(f)))]
    for _ in range(r.choice([0, 0, 1, 4])):
        f[r.randrange(len(f))] = r.randrange(256)
    if r.random() < 0.05:
        f += rb(r, r.randrange(1400 - min(len(f), 1399)))
    return bytes(f)


def frame(r):
    body = r.choice([ip4, ip6, arp, lambda q: rb(q, 2 + q.randrange(60)), lambda q: h("0026") + rb(q, 38)])(r)
    for _ in range(r.choice([0, 0, 0, 1, 2])):
        body = struct.pack("!HH", r.choice([0x8100, 0x88a8]), r.randrange(65536)) + body
    return break_frame(r, bytearray(h(r.choice(MACS)) + h(r.choice(MACS[1:3] + MACS)) + body))


def send_one(r, dev):
    plain, big, mac = dev
    kind = r.random()
    if kind < 0.5:
        return plain.send(frame(r))
    if kind < 0.55:
        return big.send(pktrouted.segments(r, mac))
    f = pktrouted.frame(r, mac)
    if r.random() < 0.1:
        f = break_frame(r, bytearray(f))
    return plain.send(f)


def send_translated(r, dev, side):
    plain, big, mac = dev
    kind = r.random()
    if kind < 0.03:
        return plain.send(frame(r))
    if kind < 0.1:
        return big.send(pkttranslated.segments(r, mac, side))
    for f in pkttranslated.frames(r, mac, side):
        plain.send(break_frame(r, bytearray(f)) if r.random() < 0.05 else f)
    return None


def open_dev(name):
    """A socket for frames, one for those of several segments, and the MAC."""
    socks = [socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0) for _ in range(2)]
    socks[1].setsockopt(SOL_PACKET, PACKET_VNET_HDR, 1)
    for s in socks:
        s.bind((name, 0))
    return socks + [socks[0].getsockname()[4]]


def main():
    end, r = time.monotonic() + float(sys.argv[1]), random.Random(int(sys.argv[2]))
    print(f"# pktfuzz seed {sys.argv[2]}")
    names, side = sys.argv[3:], None
    if names[0] == "--translated":
        side, names = pkttranslated.SIDES[names[1]], names[2:]
    devs = [open_dev(name) for name in names]
    sent = failed = 0
    while time.monotonic() < end:
        for _ in range(64):
            try:
                if side is None:
                    send_one(r, r.choice(devs))
                else:
                    send_translated(r, r.choice(devs), side)
                sent += 1
            except OSError:
                failed += 1
    print(f"# {sent} frames, {failed} refused by the device")
    return 0 if sent else 1


sys.exit(main())
