#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""ICMP errors that quote nothing that was sent, as hex, a frame a line.

usage: nat_forged.py DST-MAC SRC-MAC

From 10.0.9.77 to 10.0.9.50, where 10.0.1.71 is known by port 2000 as the sender of UDP to
port 7; and the same by IPv6.
"""
import ipaddress
import random
import struct
import sys

UDP, TCP, ICMP, ICMP6 = 17, 6, 1, 58


def pack(v6, place, host):
    return ipaddress.ip_address(f"fd00:{place}::{host}" if v6 else f"10.0.{place}.{host}").packed


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def header(src, dst, proto, length, frag=0, ihl=5):
    if len(src) == 16:
        return struct.pack("!IHBB", 0x60000000, length, proto, 64) + src + dst
    head = struct.pack("!BBHHHBBH", 0x40 | ihl, 0, 20 + length, 1, frag, 64, proto, 0) + src + dst
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:]


def error(v6, quote, kind=3, code=3):
    src, dst = pack(v6, 9, 77), pack(v6, 9, 50)
    body = bytes([1 if v6 and kind == 3 else kind, code, 0, 0, 0, 0, 0, 0]) + quote
    pseudo = src + dst + struct.pack("!II", len(body), ICMP6) if v6 else b""
    body = body[:2] + struct.pack("!H", checksum(pseudo + body)) + body[4:]
    return (b"\x86\xdd" if v6 else b"\x08\0") + \
        header(src, dst, ICMP6 if v6 else ICMP, len(body)) + body


def ports(sport, dport):
    return struct.pack("!HHHH", sport, dport, 60, 0)


def quotes(r, v6):
    """What is not a packet of the connection."""
    src, dst, other = pack(v6, 9, 50), pack(v6, 9, 77), pack(v6, 9, 78)
    good = header(src, dst, UDP, 60) + ports(2000, 7)
    yield b""
    for length in range(1, len(good), 3):
        yield good[:length] if length < len(good) - 4 else b"\0" * length
    for length in (8, 28, 40, 64, 500):
        yield r.randbytes(length)
    for proto in (TCP, 132, 136, 47, 0, 255):
        yield header(src, dst, proto, 60) + ports(2000, 7)
    for sport, dport in ((2001, 7), (2000, 8), (7, 2000), (0, 0), (2000, 0), (65535, 65535)):
        yield header(src, dst, UDP, 60) + ports(sport, dport)
    for a, b in ((dst, src), (src, other), (other, dst), (pack(v6, 1, 71), dst), (src, src)):
        yield header(a, b, UDP, 60) + ports(2000, 7)
    # an error about it, and one about one
    inner = error(v6, good)[2:]
    yield inner
    yield error(v6, inner)[2:]
    # the other family
    yield header(pack(not v6, 9, 50), pack(not v6, 9, 77), UDP, 60) + ports(2000, 7)
    if v6:
        # extension headers without an end, and a later fragment
        yield header(src, dst, 0, 60) + bytes([UDP, 255]) + b"\0" * 6 + ports(2000, 7)
        yield header(src, dst, 60, 60) + bytes([60, 0] + [0] * 6) * 40
        yield header(src, dst, 44, 60) + struct.pack("!BBHI", UDP, 0, 8, 1) + ports(2000, 7)
        yield b"\x40" + good[1:]
    else:
        yield header(src, dst, UDP, 60, frag=1) + ports(2000, 7)
        yield header(src, dst, UDP, 60, ihl=15) + ports(2000, 7)
        yield header(src, dst, UDP, 60, ihl=4) + ports(2000, 7)
        yield b"\x60" + good[1:]


def main():
    r = random.Random(1)
    macs = b"".join(bytes.fromhex(mac.replace(":", "")) for mac in sys.argv[1:3])
    for v6 in (False, True):
        for quote in quotes(r, v6):
            for kind, code in ((3, 3), (3, 1), (2, 0) if v6 else (3, 4), (4, 1) if v6 else (11, 0)):
                print((macs + error(v6, quote, kind, code)).hex())


main()
