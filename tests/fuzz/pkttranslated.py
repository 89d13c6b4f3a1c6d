# SPDX-License-Identifier: GPL-2.0
"""Frames for a router that translates, tracks and balances, mostly right.

Few addresses and ports, so that packets belong to each other: beginnings, answers,
errors about them, and fragments of all. The addresses are those of the topology in
translated.sh: VMs are at side 0 (inside), 2 (servers), 3 (outside) and 4 (behind a
second router that translates).
"""
import struct

from pktrouted import CHECKSUM_AT, address, ip_header, pseudo_header, with_checksum

SIDES = {"inside": 0, "servers": 2, "outside": 3, "behind": 4}
ROUTER_MACS = {side: bytes.fromhex(f"0200000000a{side}") for side in SIDES.values()}
VMS = {0: [1, 2], 2: [1, 2], 3: [2], 4: [2]}
# (subnet, host): VIPs, addresses of dnat rules, those that snat uses, addresses of routers
VIPS = [(9, 100), (9, 101), (0, 100), (3, 100)]
DNAT = [(3, 50), (3, 60), (3, 64), (3, 65)]
SNAT = [(3, 50), (3, 51), (3, 60), (12, 50), (0, 254)]
ROUTERS = [(0, 254), (2, 254), (3, 1), (12, 2)]
NOBODY = [(0, 77), (2, 77), (3, 77), (77, 1)]
# Of clients, servers and VIPs, and of what snat gives away.
PORTS = {"client": range(1000, 1016), "server": [7, 8, 9, 80, 81, 53], "snat": range(2000, 2024)}
# In the order in which they happen, more or less.
FLAGS = [2, 2, 2, 0x12, 0x12, 0x10, 0x10, 0x18, 0x11, 4, 0x14, 0, 0xff, 0x29]


def pick_port(r, kind):
    return r.choice(PORTS[kind]) if r.random() < 0.97 else r.getrandbits(16)


def own(r, side):
    return side, r.choice(VMS[side])


def anybody(r):
    return own(r, r.choice(list(VMS)))


def ends(r, side):
    """(address, port) of source and destination of a packet that comes from a side."""
    source = own(r, side) if r.random() < 0.9 else r.choice(NOBODY + DNAT + VIPS + [anybody(r)])
    kind = r.random()
    if kind < 0.35:
        dest = r.choice(VIPS), pick_port(r, "server")
    elif kind < 0.6:
        dest = r.choice(DNAT), pick_port(r, "server")
    elif kind < 0.8:
        dest = anybody(r), pick_port(r, "server")
    else:
        dest = r.choice(ROUTERS + NOBODY), pick_port(r, "server")
    return (source, pick_port(r, "client")), dest


def answer_ends(r, side):
    """The same of an answer, to somebody as he is known there."""
    dest = r.choice(SNAT), pick_port(r, "snat")
    if r.random() < 0.4:
        dest = anybody(r), pick_port(r, "client")
    return (own(r, side), pick_port(r, "server")), dest


def tcp(r, sport, dport):
    data = b"" if r.random() < 0.6 else r.randbytes(r.choice([1, 30, 600, 1400]))
    return 6, struct.pack("!HHIIBBHHH", sport, dport, r.getrandbits(32), r.getrandbits(32), 0x50,
                          r.choice(FLAGS), 1000, 0, 0) + data


def udp(r, sport, dport):
    data = r.randbytes(r.choice([0, 1, 18, 300, 1200, 1400]))
    return 17, struct.pack("!HHHH", sport, dport, 8 + len(data), 0) + data


def echo(r, sport, dport, v6):
    kinds = (128, 129) if v6 else (8, 0)
    kind = r.choice(kinds)
    ident = sport if kind == kinds[0] else dport
    return 58 if v6 else 1, struct.pack("!BBHHH", kind, 0, 0, ident, r.getrandbits(16)) + \
        r.randbytes(r.choice([0, 8, 56, 900]))


def sctp(r, sport, dport):
    return 132, struct.pack("!HHII", sport, dport, r.getrandbits(32), 0) + r.randbytes(20)


def other(r):
    return r.choice([47, 50, 253]), r.randbytes(r.randrange(60))


def transport(r, v6, sport, dport):
    kind = r.random()
    if kind < 0.4:
        return tcp(r, sport, dport)
    if kind < 0.75:
        return udp(r, sport, dport)
    if kind < 0.92:
        return echo(r, sport, dport, v6)
    return sctp(r, sport, dport) if kind < 0.96 else other(r)


def summed(r, src, dst, proto, body):
    """L4 with its checksum, now and then a wrong one or none."""
    at = CHECKSUM_AT.get(proto)
    if at is None or (proto == 17 and r.random() < 0.1):
        return body
    if r.random() < 0.05:
        return body[:at] + r.randbytes(2) + body[at + 2:]
    return with_checksum(r, body, at, pseudo_header(src, dst, proto, len(body)))


def plain(r, v6, between):
    (source, sport), (dest, dport) = between
    src, dst = address(v6, *source), address(v6, *dest)
    proto, body = transport(r, v6, sport, dport)
    return src, dst, proto, summed(r, src, dst, proto, body)


def quoted(r, v6, side):
    """A packet as somebody at that side may have seen it: whole, cut or broken."""
    if r.random() < 0.6:
        # what was sent there: to him, or by him
        between = answer_ends(r, side) if r.random() < 0.5 else ends(r, side)
        if r.random() < 0.7:
            between = between[1], between[0]
    else:
        between = ends(r, r.choice(list(VMS)))
    src, dst, proto, body = plain(r, v6, between)
    if r.random() < 0.08:
        proto, body = error(r, v6, side, src, dst)
    head = ip_header(r, src, dst, proto, len(body), plain=r.random() < 0.8)
    if v6 and r.random() < 0.15:
        head = head[:6] + b"\x2c" + head[7:] + struct.pack("!BBHI", proto, 0, r.choice([0, 1, 8]), 7)
    quote = head + body[:r.choice([0, 2, 4, 8, 8, 8, 20, 28, 500])]
    if r.random() < 0.15:
        quote = quote[:r.randrange(len(quote))]
    if r.random() < 0.15:
        at = r.randrange(len(quote) or 1)
        quote = quote[:at] + r.randbytes(1) + quote[at + 1:]
    return quote


def error(r, v6, side, src, dst):
    """Protocol and L4 of an ICMP error, its quote too."""
    kind = r.choice([1, 2, 3, 4, 100] if v6 else [3, 3, 4, 5, 11, 12])
    rest = struct.pack("!I", r.choice([0, 68, 576, 1280, 1400, 65535, r.getrandbits(32)]))
    body = bytes([kind, r.randrange(8), 0, 0]) + rest
    if r.random() < 0.97:
        # one within another is rare, so this ends
        body += quoted(r, v6, side)
    proto = 58 if v6 else 1
    return proto, summed(r, src, dst, proto, body)


def fragments(r, v6, src, dst, proto, body):
    """Packets of which together they are one, or nearly: some are missing, some overlap."""
    size = r.choice([8, 16, 64, 256, 560])
    ident = r.randrange(6)
    parts = [(at, body[at:at + size]) for at in range(0, len(body), size)][:r.choice([2, 3, 12])]
    out = []
    for n, (at, data) in enumerate(parts):
        more = n + 1 < len(parts)
        if r.random() < 0.05:
            at += r.choice([-8, 8, 65000])
        off = max(at, 0) & 0xfff8
        if v6:
            data = struct.pack("!BBHI", proto, 0, off | more, ident) + data
            out.append(ip_header(r, src, dst, 44, len(data)) + data)
            continue
        head = ip_header(r, src, dst, proto, len(data), plain=True)
        head = head[:4] + struct.pack("!HH", ident, (off >> 3) | more << 13) + head[8:10] + b"\0\0" + \
            head[12:]
        out.append(with_checksum(r, head, 10) + data)
    if r.random() < 0.5:
        r.shuffle(out)
    return out[r.random() < 0.1:]


def ttl_of(r):
    return r.choice([1, 2, 3] + [64] * 20)


def packets(r, side):
    """IP packets from somebody at a side: one, or the fragments of one."""
    v6 = r.random() < 0.4
    kind = r.random()
    if kind < 0.2:
        source = own(r, side) if r.random() < 0.7 else r.choice(ROUTERS + NOBODY)
        dest = r.choice(SNAT + DNAT + VIPS + [anybody(r)])
        src, dst = address(v6, *source), address(v6, *dest)
        proto, body = error(r, v6, side, src, dst)
    else:
        src, dst, proto, body = plain(r, v6, ends(r, side) if kind < 0.65 else
                                      answer_ends(r, side))
    if r.random() < 0.2 and len(body) > 16:
        return v6, fragments(r, v6, src, dst, proto, body)
    return v6, [ip_header(r, src, dst, proto, len(body), ttl_of(r)) + body]


def frames(r, mac, side):
    """Frames sent by whoever has the MAC, at a side."""
    v6, bodies = packets(r, side)
    to = ROUTER_MACS[side] if r.random() < 0.95 else bytes.fromhex("020000000001")
    return [to + mac + (b"\x86\xdd" if v6 else b"\x08\0") + body for body in bodies]


def folded(data):
    """What is there already of a checksum whose rest is left to the device."""
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return total


def segments(r, mac, side):
    """A frame of several segments, behind its struct virtio_net_hdr."""
    v6 = r.random() < 0.5
    (source, sport), (dest, dport) = (ends if r.random() < 0.7 else answer_ends)(r, side)
    src, dst = address(v6, *source), address(v6, *dest)
    data = r.randbytes(r.randrange(1, 9000))
    udp_too = r.random() < 0.3
    if udp_too:
        head = struct.pack("!HHHH", sport, dport, 8 + len(data), 0)
    else:
        head = struct.pack("!HHIIBBHHH", sport, dport, 1, 2, 0x50, r.choice([2, 0x10, 0x18, 0x11]),
                           1000, 0, 0)
    proto, at = (17, 6) if udp_too else (6, 16)
    body = head + data
    partial = folded(pseudo_header(src, dst, proto, len(body)))
    body = body[:at] + struct.pack("!H", partial) + body[at + 2:]
    ip = ip_header(r, src, dst, proto, len(body), 64, plain=True)
    hlen = 14 + (40 if v6 else 20)
    size = r.choice([1448, 1400, 1000, 536, 100])
    kind = (5 if udp_too else 4 if v6 else 1) if len(data) > size else 0
    out = ROUTER_MACS[side] + mac + (b"\x86\xdd" if v6 else b"\x08\0") + ip + body
    return struct.pack("=BBHHHH", 1, kind, hlen + len(head), size if kind else 0, hlen, at) + out
