#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Raw frames on a device.

  frame.py send DEV HEX...            each HEX is one frame
  frame.py recv DEV SECONDS [COUNT]   print what arrives, one frame a line
"""
import socket
import sys
import time

ETH_P_ALL = 3
PACKET_OUTGOING = 4


def open_socket(dev):
    s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    s.bind((dev, ETH_P_ALL))
    return s


def send(dev, frames):
    s = open_socket(dev)
    for f in frames:
        s.send(bytes.fromhex(f.replace(":", "").replace(" ", "")))


def recv(dev, seconds, count):
    s = open_socket(dev)
    end = time.monotonic() + seconds
    while count and time.monotonic() < end:
        s.settimeout(max(end - time.monotonic(), 0.001))
        try:
            data, addr = s.recvfrom(65535)
        except TimeoutError:
            break
        if addr[2] == PACKET_OUTGOING:
            continue
        print(data.hex(), flush=True)
        count -= 1


if sys.argv[1] == "send":
    send(sys.argv[2], sys.argv[3:])
else:
    recv(sys.argv[2], float(sys.argv[3]), int(sys.argv[4]) if len(sys.argv) > 4 else -1)
