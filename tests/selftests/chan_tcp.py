#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
One TCP connection that lasts.

    chan_tcp.py serve PORT                  sends back what comes, for ever
    chan_tcp.py talk ADDRESS PORT FILE      says a number, waits for it to come back, writes it to
                                            FILE, goes on; ends when the connection does
    chan_tcp.py many ADDRESS PORT N FROM    N datagrams by UDP, each from a port of its own
"""

import os
import socket
import sys
import time


def serve(port):
    with socket.create_server(("", int(port))) as server:
        print("ready", flush=True)
        while True:
            sock, _ = server.accept()
            if os.fork() == 0:
                while data := sock.recv(4096):
                    sock.sendall(data)
                sys.exit(0)
            sock.close()


def talk(address, port, path):
    with socket.create_connection((address, int(port)), timeout=60) as sock:
        n = 0
        while True:
            n += 1
            sock.sendall(b"%9d\n" % n)
            data = b""
            while len(data) < 10:
                piece = sock.recv(10 - len(data))
                if not piece:
                    return
                data += piece
            if int(data) != n:
                return
            with open(path + ".new", "w", encoding="ascii") as file:
                file.write(f"{n}\n")
            os.rename(path + ".new", path)
            time.sleep(0.05)


def many(address, port, count, first):
    for i in range(int(count)):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.bind(("", int(first) + i))
            sock.sendto(b"x", (address, int(port)))


{"serve": serve, "talk": talk, "many": many}[sys.argv[1]](*sys.argv[2:])
