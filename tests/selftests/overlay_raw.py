#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
Packets of tunnels made by hand, sent by a device of the underlay.

    overlay_raw.py DEVICE MAC < LINES       a packet a line
    overlay_raw.py DEVICE MAC fuzz SECONDS SEED FROM TO

MAC is where the packets go. A line is words: from=A to=A (addresses of hosts), and
    vxlan KEY, geneve KEY, gre KEY    the header, with what it should have
    raw HEX                           bytes behind UDP (or GRE) instead
    port=N tos=N flags=HEX opts=HEX csum=N
    inner=HEX|none|icmp:SRC>DST:TOS:DMAC   the frame inside; default a short one
    toobig=MTU                        no packet but the ICMP error about it
    times=N
With fuzz, packets that are nearly right.
"""

import ipaddress
import random
import socket
import struct
import sys
import time

INNER = bytes.fromhex("020000000001020000000002" + "88b5") + bytes(46)


def checksum(data):
    if len(data) & 1:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def ipv4(src, dst, proto, payload, tos=0, flags=0x4000):
    head = struct.pack("!BBHHHBBH4s4s", 0x45, tos, 20 + len(payload), 0, flags, 64, proto, 0,
                       src.packed, dst.packed)
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + payload


def ipv6(src, dst, proto, payload, tos=0):
    return struct.pack("!IHBB", 6 << 28 | tos << 20, len(payload), proto, 64) + \
        src.packed + dst.packed + payload


def packet(src, dst, proto, payload, tos=0):
    if src.version == 4:
        return ipv4(src, dst, proto, payload, tos)
    return ipv6(src, dst, proto, payload, tos)


def udp(src, dst, port, payload, csum=None):
    head = struct.pack("!HHHH", 40000, port, 8 + len(payload), 0)
    if csum is None and src.version == 4:
        csum = 0
    if csum is None:
        pseudo = src.packed + dst.packed + struct.pack("!II", 8 + len(payload), 17)
        csum = checksum(pseudo + head + payload) or 0xffff
    return head[:6] + struct.pack("!H", csum) + payload


def inner_of(text):
    if text is None:
        return INNER
    if text == "none":
        return b""
    if not text.startswith("icmp:"):
        return bytes.fromhex(text)
    way, tos, mac = text[5:].split("/")
    src, dst = (ipaddress.ip_address(a) for a in way.split(">"))
    echo = struct.pack("!BBHHH", 8, 0, 0, 7, 7) + b"over the overlay"
    echo = echo[:2] + struct.pack("!H", checksum(echo)) + echo[4:]
    return bytes.fromhex(mac.replace(":", "")) + bytes.fromhex("020000000002") + b"\x08\x00" + \
        ipv4(src, dst, 1, echo, int(tos, 0))


def build(words):
    """One line: the IP packet."""
    opts, kind, value = {}, None, None
    words = words.split()
    while words:
        word = words.pop(0)
        if word in ("vxlan", "geneve", "gre", "raw"):
            kind, value = word, words.pop(0) if words else ""
        else:
            key, _, text = word.partition("=")
            opts[key] = text
    src, dst = ipaddress.ip_address(opts["from"]), ipaddress.ip_address(opts["to"])
    inner, tos = inner_of(opts.get("inner")), int(opts.get("tos", "0"), 0)
    if kind == "gre":
        head = bytes.fromhex(opts.get("flags", "20006558"))
        if value != "-":
            head += struct.pack("!I", int(value, 0))
        return packet(src, dst, 47, head + inner, tos), opts
    if kind == "vxlan":
        payload = bytes.fromhex(opts.get("flags", "08000000")) + \
            struct.pack("!I", int(value, 0) << 8) + inner
    elif kind == "geneve":
        extra = bytes.fromhex(opts.get("opts", ""))
        head = bytearray(bytes.fromhex(opts.get("flags", "00006558")))
        head[0] |= len(extra) // 4
        payload = bytes(head) + struct.pack("!I", int(value, 0) << 8) + extra + inner
    else:
        payload = bytes.fromhex(value.replace("-", ""))
    port = int(opts.get("port", "6081" if kind == "geneve" else "6677"))
    csum = int(opts["csum"], 0) if "csum" in opts else None
    result = packet(src, dst, 17, udp(src, dst, port, payload, csum), tos)
    if "toobig" not in opts:
        return result, opts
    # the error about what the other one has sent
    router = ipaddress.ip_address("192.0.2.77" if src.version == 4 else "2001:db8::77")
    if src.version == 4:
        error = struct.pack("!BBHHH", 3, 4, 0, 0, int(opts["toobig"])) + result[:60]
        error = error[:2] + struct.pack("!H", checksum(error)) + error[4:]
        return ipv4(router, src, 1, error), opts
    error = struct.pack("!BBHI", 2, 0, 0, int(opts["toobig"])) + result[:100]
    pseudo = router.packed + src.packed + struct.pack("!II", len(error), 58)
    error = error[:2] + struct.pack("!H", checksum(pseudo + error)) + error[4:]
    return ipv6(router, src, 58, error), opts


def frame(dev, mac, data):
    kind = b"\x08\x00" if data[0] >> 4 == 4 else b"\x86\xdd"
    return bytes.fromhex(mac.replace(":", "")) + bytes.fromhex("020000000077") + kind + data


def mend(data):
    """Lengths and checksums of what was cut or changed, so that it gets to the tunnel."""
    if data[0] >> 4 == 4:
        struct.pack_into("!H", data, 2, len(data))
        struct.pack_into("!H", data, 10, 0)
        struct.pack_into("!H", data, 10, checksum(bytes(data[:20])))
        return
    size = len(data) - 40
    struct.pack_into("!H", data, 4, size)
    if size >= 8:
        struct.pack_into("!HH", data, 44, size, 0)
        pseudo = bytes(data[8:40]) + struct.pack("!II", size, 17)
        struct.pack_into("!H", data, 46, checksum(pseudo + bytes(data[40:])) or 0xffff)


def fuzz(sock, dev, mac, seconds, seed, src, dst):
    rnd = random.Random(seed)
    end, n = time.monotonic() + float(seconds), 0
    six = ":" in src
    kinds = ["vxlan", "geneve"] if six else ["vxlan", "geneve", "gre"]
    others = "2001:db8::" if six else "192.0.2."
    head = 40 if six else 20
    while time.monotonic() < end:
        kind = rnd.choice(kinds)
        sender = src if rnd.random() < 0.9 else f"{others}{rnd.randrange(1, 255)}"
        key = rnd.choice([101, 102, 0, 0xffffff, rnd.randrange(1 << 24)])
        inner = rnd.randbytes(rnd.choice([0, 13, 14, 60, rnd.randrange(1400)]))
        if rnd.random() < 0.5 and len(inner) > 40:
            inner = INNER[:12] + rnd.choice([b"\x08\x00\x45", b"\x86\xdd\x60", b"\x81\x00",
                                             b"\x88\xa8", b"\x08\x06"]) + inner[15:]
        line = f"from={sender} to={dst} {kind} {key} tos={rnd.randrange(256)} " \
               f"inner={inner.hex() or 'none'}"
        if kind == "geneve" and rnd.random() < 0.5:
            line += f" opts={rnd.randbytes(4 * rnd.randrange(64)).hex()}"
        data = bytearray(build(line)[0])
        for _ in range(rnd.choice([0, 0, 1, 2, 8])):
            data[rnd.randrange(head, min(len(data), head + 60))] = rnd.randrange(256)
        if rnd.random() < 0.1:
            data = data[:rnd.randrange(head, len(data))]
        if rnd.random() < 0.9:
            mend(data)
        try:
            sock.send(frame(dev, mac, bytes(data)))
        except OSError:
            continue
        n += 1
    print(n)


def main():
    dev, mac = sys.argv[1:3]
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    sock.bind((dev, 0))
    if len(sys.argv) > 3:
        fuzz(sock, dev, mac, *sys.argv[4:])
        return
    for line in sys.stdin:
        if not line.strip():
            continue
        data, opts = build(line)
        for _ in range(int(opts.get("times", "1"))):
            sock.send(frame(dev, mac, data))


main()
