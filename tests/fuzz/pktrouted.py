# SPDX-License-Identifier: GPL-2.0
"""Frames for routers, with headers and checksums mostly right, so that they get far.

The addresses are those of the topology in packets.sh.
"""
import ipaddress
import struct

ROUTER_MACS = [bytes.fromhex(f"0200000000a{n}") for n in (1, 3, 4)]
OTHER_MACS = [bytes.fromhex(f"02000000000{n}") for n in (1, 2, 9)] + [b"\xff" * 6]

# Subnet 0 is bridge a, 3 the device of the router, 4 behind the second router, 12
# between the two; 51 is a local route, 66 a black hole, 67 rejects, 68 has two next
# hops, 69 needs a certain source, 77 has no route but the default one.
ROUTER_HOSTS = [(0, 254), (3, 1), (4, 1), (12, 1), (12, 2), (51, 5)]
VM_HOSTS = [(0, 1), (0, 2), (3, 2), (4, 2)]
NOBODY = [(0, 77), (3, 9), (3, 99), (4, 77), (12, 77)]
ELSEWHERE = [(66, 1), (67, 1), (68, 1), (68, 2), (69, 1), (77, 1)]


def address(v6, place, host):
    text = f"fd00:{place}::{host}" if v6 else f"10.0.{place}.{host}"
    return ipaddress.ip_address(text).packed


def any_of(r, v6, hosts):
    place, host = r.choice(hosts)
    if r.random() < 0.1:
        host = r.randrange(1, 255)
    return address(v6, place, host)


def odd(r, v6):
    """An address that no router forwards from or to, or random."""
    if r.random() < 0.3:
        return r.randbytes(16 if v6 else 4)
    text = ["::", "::1", "fe80::1", "fe80::ff:fe00:a1", "fe80::ff:fe00:a3", "ff02::1",
            "ff02::1:ff00:fe", "::ffff:10.0.0.1"] if v6 else [
                "0.0.0.0", "127.0.0.1", "224.0.0.1", "255.255.255.255", "10.0.0.255", "169.254.1.1"]
    return ipaddress.ip_address(r.choice(text)).packed


def checksum(data):
    data += b"\0" * (len(data) % 2)
    s = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while s >> 16:
        s = (s & 0xffff) + (s >> 16)
    return ~s & 0xffff


def with_checksum(r, body, at, pseudo=b""):
    """Put the checksum of body into it at an offset; now and then a wrong one."""
    c = checksum(pseudo + body) if r.random() < 0.85 else r.getrandbits(16)
    return body[:at] + struct.pack("!H", c) + body[at + 2:]


def ip_header(r, src, dst, proto, length, ttl=64, plain=False):
    if len(src) == 16:
        return struct.pack("!IHBB", 0x60000000 | r.getrandbits(28), length, proto, ttl) + src + dst
    opts = b""
    if not plain and r.random() < 0.1:
        opts = r.choice([b"\x94\4\0\0", b"\1\1\1\0", b"\7\7\4\0\0\0\0\0", b"\x83\3\4\0",
                         b"\x44\x04\x05\0", r.randbytes(4), b"\1" * 40])
    df = r.choice([0, 0x4000])
    off = df if plain else r.choice([df] * 12 + [0x2000, 0x2001, 0x0002, 0x2010, 0x1fff, 0x8000])
    head = struct.pack("!BBHHHBBH", 0x45 + len(opts) // 4, r.choice([0, 0, 184]),
                       20 + len(opts) + length, r.randrange(4), off, ttl, proto, 0)
    return with_checksum(r, head + src + dst + opts, 10)


def payload(r):
    return r.randbytes(r.choice([0, 4, 8, 30, 100, 270, 300, 600, 1200, 1400]) + r.randrange(8))


def tcp(r, _):
    body = struct.pack("!HHIIBBHHH", r.randrange(1024, 65536), r.choice([22, 53, 80, 5201]),
                       r.getrandbits(32), r.getrandbits(32), r.choice([0x50] * 8 + [0x60, 0xf0]),
                       r.choice([2, 2, 2, 0x12, 0x10, 4, 1, 0x29, r.randrange(256)]), 1000, 0, 0)
    return 6, body + payload(r)


def udp(r, _):
    data = payload(r)
    return 17, struct.pack("!HHHH", r.randrange(1024, 65536), r.choice([53, 67, 547, 7]),
                           8 + len(data), 0) + data


def echo(r, v6):
    request, reply = (128, 129) if v6 else (8, 0)
    kind = r.choice([request] * 4 + [reply])
    return 58 if v6 else 1, bytes([kind, 0, 0, 0]) + r.randbytes(4) + payload(r)


def icmp_error(r, v6):
    """An error, which quotes a packet; some of the quotes are broken."""
    kind = r.choice([1, 2, 3, 4, 100] if v6 else [3, 4, 5, 11, 12])
    src, dst = any_of(r, v6, VM_HOSTS + ROUTER_HOSTS), any_of(r, v6, VM_HOSTS + NOBODY)
    proto, inner = r.choice([udp, tcp, echo])(r, v6)
    inner = inner[:r.choice([8, 8, 20, 500])]
    quote = ip_header(r, src, dst, proto, 8 + r.randrange(1400)) + inner
    if r.random() < 0.3:
        quote = quote[:r.randrange(len(quote))]
    if r.random() < 0.2:
        quote = r.randbytes(1) + quote[1:]
    mtu = struct.pack("!I", r.choice([0, 68, 300, 1280, 1400, 65535, r.getrandbits(32)]))
    return 58 if v6 else 1, bytes([kind, r.randrange(16), 0, 0]) + mtu + quote


def other(r, _):
    return r.choice([47, 50, 132, 253, 1, 58]), payload(r)


CHECKSUM_AT = {6: 16, 17: 6, 1: 2, 58: 2}


def pseudo_header(src, dst, proto, length):
    if len(src) == 16:
        return src + dst + struct.pack("!II", length, proto)
    return src + dst + struct.pack("!HH", proto, length) if proto != 1 else b""


def transport(r, src, dst):
    """Protocol and L4 of a packet."""
    make = r.choice([tcp, tcp, udp, udp, echo, echo, icmp_error, other])
    proto, body = make(r, len(src) == 16)
    if make is not other and (proto != 17 or r.random() < 0.9):
        pseudo = pseudo_header(src, dst, proto, len(body))
        body = with_checksum(r, body, CHECKSUM_AT[proto], pseudo)
    return proto, body


def addresses(r, v6):
    src = any_of(r, v6, VM_HOSTS * 3 + NOBODY + ROUTER_HOSTS[:1] + ELSEWHERE[:1])
    dst = any_of(r, v6, r.choice([ROUTER_HOSTS, VM_HOSTS, VM_HOSTS, NOBODY, ELSEWHERE]))
    if r.random() < 0.04:
        src = odd(r, v6)
    if r.random() < 0.04:
        dst = odd(r, v6)
    return src, dst


def packet(r, v6):
    src, dst = addresses(r, v6)
    proto, body = transport(r, src, dst)
    if v6 and r.random() < 0.1:
        off = r.choice([1, 1, 8, 9, 0x100])
        body = struct.pack("!BBHI", proto, 0, off, r.randrange(4)) + body
        proto = 44
    ttl = r.choice([0, 1, 1, 2, 2, 3, 5, 15, 64, 64, 64, 64, 255])
    kind = b"\x86\xdd" if v6 else b"\x08\0"
    return kind + ip_header(r, src, dst, proto, len(body), ttl) + body


def arp(r, own):
    """Requests, and replies that nobody or somebody asked for."""
    sender = any_of(r, False, VM_HOSTS + NOBODY * 2 + ROUTER_HOSTS[:2])
    target = any_of(r, False, ROUTER_HOSTS * 2 + VM_HOSTS)
    if r.random() < 0.05:
        sender = odd(r, False)
    mac = r.choice([own] * 4 + OTHER_MACS + ROUTER_MACS + [b"\0" * 6])
    return b"\x08\x06\0\1\x08\0\6\4" + struct.pack("!H", r.choice([1, 2, 2, 2, 3])) + mac + \
        sender + r.choice([b"\0" * 6] + ROUTER_MACS) + target


def nd(r, own):
    """Neighbour solicitations and advertisements, asked for or not."""
    src = any_of(r, True, VM_HOSTS + NOBODY * 2)
    if r.random() < 0.15:
        src = odd(r, True)
    dst = any_of(r, True, ROUTER_HOSTS)
    target = r.choice([src, src, dst, odd(r, True)])
    kind = r.choice([135, 136, 136, 136, 133, 134, 137])
    if kind == 135:
        target = dst
        dst = r.choice([dst, b"\xff\2" + b"\0" * 9 + b"\1\xff" + dst[13:]])
    mac = r.choice([own] * 4 + OTHER_MACS + ROUTER_MACS)
    opts = b"".join(bytes([r.choice([1, 2, 2, 14]), r.choice([1] * 8 + [0, 2, 255])]) + mac
                    for _ in range(r.choice([0, 1, 1, 1, 2])))
    flags = r.choice([0, 0x20, 0x40, 0x60, 0xe0]) << 24
    body = struct.pack("!BBHI", kind, r.choice([0] * 9 + [1]), 0, flags) + target + opts
    body = with_checksum(r, body, 2, pseudo_header(src, dst, 58, len(body)))
    return b"\x86\xdd" + ip_header(r, src, dst, 58, len(body), r.choice([255] * 9 + [64])) + body


def ethernet(r, own, kind, body):
    dst = r.choice(ROUTER_MACS * 6 + OTHER_MACS)
    if kind is not packet and r.random() < 0.5:
        dst = b"\xff" * 6 if kind is arp else b"\x33\x33\xff\0\0\xfe"
    src = own if r.random() < 0.8 else r.choice(OTHER_MACS[:3] + [b"\2\0\0\0" + r.randbytes(2)])
    if r.random() < 0.08:
        body = b"\x81\0" + struct.pack("!H", r.choice([0, 5, 5, 0xe005, 7])) + body
    return dst + src + body


def frame(r, own):
    """A frame sent by whoever has the MAC own."""
    kind = r.choice([packet] * 7 + [arp, nd])
    body = packet(r, r.random() < 0.45) if kind is packet else kind(r, own)
    return ethernet(r, own, kind, body)


def segments(r, own):
    """A frame of several segments, behind its struct virtio_net_hdr."""
    v6 = r.random() < 0.5
    src, dst = addresses(r, v6)
    l4 = struct.pack("!HHIIBBHHH", r.randrange(1024, 65536), 80, 1, 2, 0x50, 0x10, 1000, 0, 0)
    data = r.randbytes(r.randrange(1, 12000))
    body = l4 + data
    hlen = 14 + (40 if v6 else 20)
    # What is left to the device: it adds up all but the pseudo header.
    partial = ~checksum(pseudo_header(src, dst, 6, len(body))) & 0xffff
    body = body[:16] + struct.pack("!H", partial) + body[18:]
    ip = ip_header(r, src, dst, 6, len(body), r.choice([1, 2, 64, 64, 64]), plain=True)
    out = ethernet(r, own, packet, (b"\x86\xdd" if v6 else b"\x08\0") + ip + body)
    tag = 4 if out[12:14] == b"\x81\0" else 0
    size = r.choice([1448, 1428, 1000, 536, 260, 200, 8, 1 + r.randrange(1400)])
    gso = 0 if len(data) <= size else 4 if v6 else 1
    return struct.pack("=BBHHHH", 1, gso, hlen + tag + 20, size if gso else 0, hlen + tag, 16) + out
