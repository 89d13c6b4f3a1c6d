#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
A stream of numbered datagrams, to see which of them are lost.

    stream.py send ADDRESS PORT RATE    until SIGTERM; then says how many
    stream.py recv PORT                 says "ready"; when the sender says that it ends,
                                        "SENT sent, GOT received, longest gap MS ms"
"""

import signal
import socket
import sys
import time

GOODBYES = 5


def send(address, port, rate):
    going = [True]
    signal.signal(signal.SIGTERM, lambda *_: going.clear())
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    n, start = 0, time.monotonic()
    while going:
        sock.sendto(str(n).encode(), (address, port))
        n += 1
        time.sleep(max(0, start + n / rate - time.monotonic()))
    # what is under way comes first
    time.sleep(0.5)
    for _ in range(GOODBYES):
        sock.sendto(f"end {n}".encode(), (address, port))
        time.sleep(0.05)


def recv(port):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
    sock.bind(("", port))
    print("ready", flush=True)
    got, last, gap = set(), None, 0
    while True:
        data = sock.recv(99)
        if data.startswith(b"end "):
            break
        now = time.monotonic()
        gap = max(gap, now - last) if last else 0
        last = now
        got.add(int(data))
    print(f"{int(data[4:])} sent, {len(got)} received, longest gap {gap * 1000:.0f} ms",
          flush=True)


if sys.argv[1] == "send":
    send(sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))
else:
    recv(int(sys.argv[2]))
