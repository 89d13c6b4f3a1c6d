#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
Messages of the state channel, by somebody who can hear and send in the underlay.

    chan_raw.py DEVICE SECONDS FILE     keep what is said to the host behind DEVICE
    chan_raw.py DEVICE send HOW FILE    say it again; prints how many messages
HOW: again      as it was
     flip       with a bit turned
     later      with a number that comes later, and the tag it had
     cut        without its end
     version    of another version
Only messages with records count, and the first 50 of them.
"""

import random
import socket
import struct
import sys
import time

HEAD = 14 + 20 + 8 + 8      # outer Ethernet, IPv4, UDP, VXLAN
MSG = HEAD + 14


def is_ours(data):
    return len(data) > MSG + 60 and data[12:14] == b"\x08\x00" and data[23] == 17 and \
        data[36:38] == b"\x1a\x15" and data[46:49] == b"\xff\xff\xff" and \
        data[HEAD + 12:MSG] == b"\x88\xb5" and data[MSG + 1] & 1


def hear(dev, seconds, path):
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
    sock.bind((dev, 3))
    end, seen = time.monotonic() + float(seconds), []
    print("ready", flush=True)
    while time.monotonic() < end and len(seen) < 50:
        sock.settimeout(max(0.01, end - time.monotonic()))
        try:
            data, where = sock.recvfrom(4096)
        except TimeoutError:
            break
        if where[2] == socket.PACKET_OUTGOING and is_ours(data):
            seen.append(data)
    with open(path, "w", encoding="ascii") as file:
        file.writelines(data.hex() + "\n" for data in seen)


def outer(data):
    """The lengths fit what is there; the checksum of UDP is left out."""
    data = bytearray(data)
    struct.pack_into("!H", data, 16, len(data) - 14)
    struct.pack_into("!HH", data, 38, len(data) - 34, 0)
    struct.pack_into("!H", data, 24, 0)
    total = sum(struct.unpack("!10H", data[14:34]))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    struct.pack_into("!H", data, 24, ~total & 0xffff)
    return bytes(data)


def changed(data, how):
    data = bytearray(data)
    if how == "flip":
        data[random.randrange(MSG, len(data))] ^= 1 << random.randrange(8)
    if how == "later":
        data[MSG + 43] ^= 0x40
    if how == "cut":
        del data[random.randrange(MSG, len(data) - 1):]
    if how == "version":
        data[MSG] += 1
    return outer(data)


def send(dev, how, path):
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    sock.bind((dev, 0))
    count = 0
    with open(path, encoding="ascii") as file:
        for line in file:
            sock.send(changed(bytes.fromhex(line), how))
            count += 1
    print(count)


if sys.argv[2] == "send":
    send(sys.argv[1], *sys.argv[3:])
else:
    hear(sys.argv[1], *sys.argv[2:])
