#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Send an inject message to the kernel, with nothing but sockets.

usage: inject.py PORT-UUID in|out HEX
"""
import os
import re
import socket
import struct
import sys
import uuid

HERE = os.path.dirname(os.path.abspath(__file__))
HEADER = os.path.join(HERE, "..", "..", "include", "uapi", "linux", "midonet.h")
NETLINK_GENERIC, GENL_ID_CTRL, CTRL_CMD_GETFAMILY = 16, 16, 3
NLM_F_REQUEST, NLM_F_ACK, NLMSG_ERROR = 1, 4, 2


def number(name, enum):
    """Value of an enumerator of the uAPI header."""
    text = re.search(r"enum %s \{(.*?)\};" % enum, open(HEADER, encoding="utf-8").read(), re.S).group(1)
    value = 0
    for word in re.findall(r"^\s*(\w+)(?: = (\d+))?,", text, re.M):
        value = int(word[1]) if word[1] else value
        if word[0] == name:
            return value
        value += 1
    raise SystemExit(f"no {name}")


def attr(kind, data):
    return struct.pack("=HH", 4 + len(data), kind) + data + b"\0" * (-len(data) % 4)


def talk(sock, family, cmd, body):
    msg = struct.pack("=BBH", cmd, 1, 0) + body
    sock.send(struct.pack("=IHHII", 16 + len(msg), family, NLM_F_REQUEST | NLM_F_ACK, 1, 0) + msg)
    return sock.recv(65536)


def main():
    sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_GENERIC)
    sock.bind((0, 0))
    reply = talk(sock, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, attr(2, b"midonet\0"))
    sock.recv(65536)
    family = struct.unpack_from("=H", reply, reply.index(struct.pack("=HH", 6, 1)) + 4)[0]
    frame = bytes.fromhex(sys.argv[3].replace(" ", ""))
    reply = talk(sock, family, number("MIDONET_CMD_INJECT", "midonet_cmd"),
                 attr(number("MIDONET_PUNT_PORT", "midonet_punt_attr"), uuid.UUID(sys.argv[1]).bytes) +
                 attr(number("MIDONET_PUNT_DIRECTION", "midonet_punt_attr"), bytes([sys.argv[2] == "out"])) +
                 attr(number("MIDONET_PUNT_FRAME", "midonet_punt_attr"), frame))
    err = struct.unpack_from("=i", reply, 16)[0]
    if err:
        raise SystemExit(f"inject.py: {os.strerror(-err)}")


main()
