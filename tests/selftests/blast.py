#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Load: UDP frames, each with another source port, and a counter of them.

  blast.py send DEV DST_MAC SECONDS [DST_PORT]   as fast as it goes; prints how many
  blast.py count DEV SECONDS                     frames of blast received; prints how many
"""
import socket
import struct
import sys
import time

MAGIC = b"midonet-blast"


def frames(src, dst, dport):
    out = []
    for sport in range(1024, 65536, 16):
        udp = struct.pack("!HHHH", sport, dport, 8 + len(MAGIC), 0) + MAGIC
        ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0, bytes([10, 0, 0, 1]), bytes([10, 0, 0, 2]))
        s = sum(struct.unpack("!10H", ip))
        s = (s & 0xffff) + (s >> 16)
        ip = ip[:10] + struct.pack("!H", ~(s + (s >> 16)) & 0xffff) + ip[12:]
        out.append(dst + src + b"\x08\x00" + ip + udp)
    return out


def send(dev, dst, seconds, dport):
    s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    s.bind((dev, 0))
    src = s.getsockname()[4]
    todo, sent, end = frames(src, bytes.fromhex(dst.replace(":", "")), dport), 0, time.monotonic() + seconds
    while time.monotonic() < end:
        for f in todo:
            try:
                s.send(f)
                sent += 1
            except OSError:
                pass
    print(sent)


def count(dev, seconds):
    s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
    s.bind((dev, 3))
    got, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        s.settimeout(max(end - time.monotonic(), 0.001))
        try:
            data, addr = s.recvfrom(2048)
        except TimeoutError:
            break
        got += addr[2] != 4 and MAGIC in data
    print(got)


if sys.argv[1] == "send":
    send(sys.argv[2], sys.argv[3], float(sys.argv[4]), int(sys.argv[5]) if len(sys.argv) > 5 else 9)
else:
    count(sys.argv[2], float(sys.argv[3]))
