#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
Cases of a table on standard input, each once by IPv4 and once by IPv6, word for word.

    probe.py SUFFIX

VM is the network namespace VM-SUFFIX. N.H stands for 10.0.N.H and fd00:N::H, N.H/24 for the
prefixes /24 and /64, N.H/32 for /32 and /128; ICMP types and codes are those of IPv4.
One process does it all, because starting one is what takes time in a kernel that checks all it
does. Lines are carried out in order:

    [4|6] VM PROBE WORD... | OUTCOME [@MIN-MAX] | DESCRIPTION      prints "ok DESCRIPTION" or "not ok"
    [4|6] VM PROBE WORD...  whatever comes of it
    VM serve PORT           UDP and TCP are answered there from now on, "talk" at PORT + 10000
    wait                    until every probe so far has its outcome
    sleep SECONDS
    do COMMAND              in the hypervisor; twice if it names an N.H

Probes of the VM's own stack: what it hands to the program is the outcome.

    udp DST PORT [size=N] [df] [ttl=N] [n=N] [sport=N] [seen]   n: as many source ports, "N echo"
    tcp DST PORT [bytes=N] [sport=N] [seen]     "open", "refused", "no route", ...
    talk NAME DST PORT [sport=N]                a TCP connection that stays: its first words
    talk NAME                                   and more; "heard", or what is wrong
    close NAME | abort NAME                     ends it by FIN, by RST
    ping DST [size=N] [df] [ttl=N]              "pong ADDRESS"
    proto DST NUMBER

ICMP errors are TYPE/CODE ADDRESS [mtu N]. size is that of the IP packet. "nothing" is waited
for for 1.2 s. The words seen and talk also say what the other side saw: "..., ADDRESS PORT >
ADDRESS PORT". OUTCOME is a pattern of the shell, or N..N for its first number; @MIN-MAX are
seconds. Probes by raw frames: see probe_frames.py and probe_packets.py.
"""

import ctypes
import errno
import fnmatch
import hashlib
import os
import re
import select
import socket
import struct
import subprocess
import sys
import threading
import time
from collections import Counter

import probe_frames
import probe_packets

CODES = {"3/13": "1/1", "3/0": "1/0", "3/1": "1/3", "3/3": "1/4", "3/4": "2/0", "11/0": "3/0",
         "3/2": "4/1"}
AGAIN = {code6: code4 for code4, code6 in CODES.items()}
QUIET = 1.2     # seconds after which nothing is nothing
PATIENCE = 8.0
LIBC = ctypes.CDLL(None, use_errno=True)
HOME = os.open("/proc/self/ns/net", os.O_RDONLY)
SOL = {4: socket.IPPROTO_IP, 6: socket.IPPROTO_IPV6}
RECVERR = {4: 11, 6: 25}
MTU_DISCOVER = {4: 10, 6: 23}
TTL = {4: socket.IP_TTL, 6: socket.IPV6_UNICAST_HOPS}
PKTINFO = {4: 8, 6: socket.IPV6_RECVPKTINFO}
IPV6_MTU = 24
OMIT, PROBE = 5, 3      # without DF as long as the device allows it; with DF, whatever is known
FAMILY = {4: socket.AF_INET, 6: socket.AF_INET6}
HEADERS = {4: 28, 6: 48}
TALK = 10000


def enter(vm, suffix):
    """The network namespace of a VM; None: back to that of the hypervisor."""
    fd = HOME if vm is None else os.open(f"/run/netns/{vm}-{suffix}", os.O_RDONLY)
    if LIBC.setns(fd, 0):
        raise OSError(ctypes.get_errno(), vm)
    if vm is not None:
        os.close(fd)


def expand_target(match):
    """N.H[-N.H][:PORTS] of a translation, by IPv6."""
    ends, colon, ports = match[1].partition(":")
    return "target " + "-".join(f"[{expand(end, 6)}]" for end in ends.split("-")) + colon + ports


def expand(text, version):
    """N.H as addresses."""
    if version == 4:
        text = re.sub(r"(?<=\btarget )(\d+\.\d+)-(\d+\.\d+)(?=[:\s]|$)",
                      lambda m: f"{expand(m[1], 4)}-{expand(m[2], 4)}", text)
    else:
        text = re.sub(r"\btarget (\d+\.\d+(?:-\d+\.\d+)?(?::[\d-]+)?)(?=\s|$)",
                      expand_target, text)
    text = re.sub(r"(?<![\w.:/=])((?:(?:q?src|q?dst|from|target)=)?)(\d+)\.(\d+)(/24|/32)?(?![\w.])",
                  lambda m: m[1] + (f"10.0.{m[2]}.{m[3]}{m[4] or ''}" if version == 4 else
                                    f"fd00:{m[2]}::{m[3]}" +
                                    {"/24": "/64", "/32": "/128"}.get(m[4], "")), text)
    return text


class Words:
    """Words of a probe: in order, and by name."""

    def __init__(self, words):
        self.plain = [word for word in words if "=" not in word]
        self.named = dict(word.split("=", 1) for word in words if "=" in word)

    def number(self, name, default):
        return int(self.named.get(name, default))

    def has(self, word):
        return word in self.plain


def text_of_error(sock):
    """What is in the error queue of a socket, or None."""
    try:
        _, control, _, _ = sock.recvmsg(65536, 512, socket.MSG_ERRQUEUE)
    except OSError:
        return None
    for _, _, data in control:
        number, origin, kind, code, _, info, _ = struct.unpack_from("=IBBBBII", data)
        if origin == 1:
            return f"local {errno.errorcode.get(number, number)}"
        if sock.family == socket.AF_INET:
            at = socket.inet_ntop(socket.AF_INET, data[20:24])
            name = f"{kind}/{code}"
        else:
            at = socket.inet_ntop(socket.AF_INET6, data[24:40])
            name = AGAIN.get(f"{kind}/{code}", f"v6:{kind}/{code}")
        return f"{name} {at}" + (f" mtu {info}" if name == "3/4" else "")
    return None


def hear(sock, quiet, wanted):
    """The first outcome on a datagram socket within so many seconds."""
    end = time.monotonic() + quiet
    poll = select.poll()
    poll.register(sock, select.POLLIN)
    while True:
        left = end - time.monotonic()
        if left <= 0:
            return "nothing"
        for _, events in poll.poll(left * 1000):
            if events & select.POLLERR:
                text = text_of_error(sock)
                if text:
                    return text
            try:
                data, peer = sock.recvfrom(65536, socket.MSG_DONTWAIT)
            except OSError:
                continue
            text = wanted(data, peer[0])
            if text:
                return text


class Probe(threading.Thread):
    """A line of the table for one IP version."""

    def __init__(self, table, vm, version, words, expected, text):
        super().__init__(daemon=True)
        self.table, self.vm, self.version, self.text = table, vm, version, text
        self.verb, self.words = words[0], Words(words[1:])
        match = re.fullmatch(r"(.*?)(?:\s*@([\d.]+)-([\d.]+))?", expected or "*")
        self.expected = match[1]
        self.window = (float(match[2]), float(match[3])) if match[2] else None
        self.outcome = None
        quiet = QUIET if self.expected == "nothing" else PATIENCE
        self.quiet = float(self.words.named.get("wait", quiet))
        self.start_time = time.monotonic()
        enter(vm, table.suffix)
        try:
            self.judge = getattr(self, f"start_{self.verb}", None)
            if self.judge:
                self.judge = self.judge()
            else:
                self.judge = probe_frames.start(self)
        except OSError as error:
            text = f"local {errno.errorcode.get(error.errno, error)}"
            self.judge = lambda: text
        finally:
            enter(None, None)
        self.start()

    def run(self):
        try:
            self.outcome = self.judge()
        except Exception as error:      # a case that failed, and the others go on
            self.outcome = f"{type(error).__name__}: {error}"
        self.seconds = time.monotonic() - self.start_time

    def result(self):
        self.join()
        if self.expected == "*" and not self.outcome.startswith("local"):
            return
        good = fnmatch.fnmatchcase(self.outcome, self.expected)
        bounds = re.fullmatch(r"(\d+)\.\.(\d+)", self.expected)
        number = re.match(r"\d+", self.outcome)
        if bounds:
            good = bool(number) and int(bounds[1]) <= int(number[0]) <= int(bounds[2])
        if good and self.window:
            good = self.window[0] <= self.seconds <= self.window[1]
        print("ok" if good else "not ok", self.text)
        if not good:
            print(f"got: {self.outcome} after {self.seconds:.1f} s")
            print(f"not: {self.expected}" + (f" @{self.window}" if self.window else ""))

    # The VM's own stack

    def sock(self, kind, proto=0):
        sock = socket.socket(FAMILY[self.version], kind, proto)
        if self.version == 6 and kind != socket.SOCK_RAW:
            sock.setsockopt(SOL[6], socket.IPV6_V6ONLY, 1)
        sock.setsockopt(SOL[self.version], RECVERR[self.version], 1)
        if "ttl" in self.words.named:
            sock.setsockopt(SOL[self.version], TTL[self.version], self.words.number("ttl", 64))
        sock.setsockopt(SOL[self.version], MTU_DISCOVER[self.version],
                        PROBE if self.words.has("df") else OMIT)
        return sock

    def payload(self, header=0):
        return os.urandom(max(self.words.number("size", 100) - HEADERS[self.version] + header, 8))

    def start_udp(self):
        dst, port = self.words.plain[:2]
        data = self.payload()
        count = self.words.number("n", 1)
        socks = [self.sock(socket.SOCK_DGRAM) for _ in range(count)]
        for i, sock in enumerate(socks):
            if "sport" in self.words.named:
                sock.bind(("", self.words.number("sport", 0) + i))
            sock.sendto(data, (dst, int(port)))

        def wanted(got, peer):
            if got != data:
                return "wrong payload"
            text = "echo" if peer == dst else f"echo of {peer}"
            return text + (f", {self.table.seen[data]}" if self.words.has("seen") else "")

        def judge():
            end = time.monotonic() + self.quiet
            seen = [hear(sock, max(end - time.monotonic(), 0.01), wanted) for sock in socks]
            for sock in socks:
                sock.close()
            if count == 1:
                return seen[0]
            return ", ".join(f"{n} {text}" for text, n in Counter(seen).most_common())
        return judge

    def start_ping(self):
        with open("/proc/sys/net/ipv4/ping_group_range", "w", encoding="ascii") as file:
            file.write("0 0")
        sock = self.sock(socket.SOCK_DGRAM,
                         socket.IPPROTO_ICMP if self.version == 4 else socket.IPPROTO_ICMPV6)
        data = self.payload()
        sock.sendto(struct.pack("!BBHHH", 8 if self.version == 4 else 128, 0, 0, 0, 1) + data,
                    (self.words.plain[0], 0))
        return lambda: hear(sock, self.quiet, lambda got, peer: f"pong {peer}"
                            if got[8:] == data else "wrong payload")

    def start_proto(self):
        dst, number = self.words.plain[:2]
        sock = self.sock(socket.SOCK_RAW, int(number))
        sock.sendto(self.payload(), (dst, 0))
        return lambda: hear(sock, self.quiet, lambda got, peer: f"answer {peer}")

    def start_tcp(self):
        dst, port = self.words.plain[:2]
        sock = self.sock(socket.SOCK_STREAM)
        sock.setsockopt(SOL[self.version], MTU_DISCOVER[self.version], 1)
        self.bind(sock)
        sock.setblocking(False)
        sock.connect_ex((dst, int(port)))
        return lambda: self.judge_tcp(sock)

    def bind(self, sock):
        if "sport" in self.words.named:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind(("", self.words.number("sport", 0)))

    def start_talk(self):
        name = (self.words.plain[0], self.vm, self.version)
        if len(self.words.plain) > 1:
            sock = self.sock(socket.SOCK_STREAM)
            self.bind(sock)
            sock.settimeout(self.quiet)
            self.table.talks[name] = sock
        return lambda: self.judge_talk(self.table.talks[name])

    def judge_talk(self, sock):
        try:
            if len(self.words.plain) > 1:
                sock.connect((self.words.plain[1], int(self.words.plain[2]) + TALK))
            sock.settimeout(self.quiet)
            word = os.urandom(8).hex().encode()
            sock.sendall(word)
            heard = sock.recv(100).split(b" ", 1)
            return f"heard, {heard[1].decode()}" if heard[0] == word else "wrong words"
        except TimeoutError:
            return "nothing"
        except IndexError:
            return "closed"
        except OSError as error:
            return {errno.ECONNREFUSED: "refused", errno.ECONNRESET: "reset"}.get(
                error.errno, errno.errorcode.get(error.errno, str(error)))

    def start_close(self):
        self.table.talks.pop((self.words.plain[0], self.vm, self.version)).close()
        return lambda: "closed"

    def start_abort(self):
        sock = self.table.talks.pop((self.words.plain[0], self.vm, self.version))
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        sock.close()
        return lambda: "aborted"

    def judge_tcp(self, sock):
        if not select.select([], [sock], [], self.quiet)[1]:
            return "nothing"
        error = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if error:
            return {errno.ECONNREFUSED: "refused", errno.EHOSTUNREACH: "no route",
                    errno.EACCES: "forbidden", errno.ENETUNREACH: "no net"}.get(
                        error, errno.errorcode.get(error, str(error)))
        if "bytes" not in self.words.named and not self.words.has("seen"):
            return "open"
        data = os.urandom(self.words.number("bytes", 16))
        sock.setblocking(True)
        sock.settimeout(20)
        try:
            sock.sendall(data)
            sock.shutdown(socket.SHUT_WR)
            got = sock.recv(64, socket.MSG_WAITALL)
        except OSError as error:
            return f"open, then {error}"
        if got != hashlib.sha1(data).digest():
            return "open, then wrong data"
        return "open" + (f", {self.table.seen[got]}" if self.words.has("seen") else "")


def ways(peer, here):
    """From where to where, as a server sees it."""
    return f"{peer[0]} {peer[1]} > {here[0]} {here[1]}"


def serve_tcp(listener, seen):
    """Answer whatever was sent with its SHA1."""
    while True:
        sock, peer = listener.accept()
        digest = hashlib.sha1()
        while True:
            try:
                data = sock.recv(1 << 16)
            except OSError:
                break
            if not data:
                break
            digest.update(data)
        seen[digest.digest()] = ways(peer, sock.getsockname())
        try:
            sock.sendall(digest.digest())
        except OSError:
            pass
        sock.close()


def talk_back(sock, peer):
    """Repeat every word, and say who it came from."""
    try:
        while word := sock.recv(100):
            sock.sendall(word + b" " + ways(peer, sock.getsockname()).encode())
    except OSError:
        pass
    sock.close()


def serve_talk(listener, _):
    """Somebody to talk to, as long as one likes."""
    while True:
        threading.Thread(target=talk_back, args=listener.accept(), daemon=True).start()


def came_to(sock, control):
    """The address a datagram came to."""
    for level, kind, data in control:
        if level == SOL[4] and kind == 8:
            return socket.inet_ntop(socket.AF_INET, data[8:12]), sock.getsockname()[1]
        if level == SOL[6]:
            return socket.inet_ntop(socket.AF_INET6, data[:16]), sock.getsockname()[1]
    return sock.getsockname()


def serve_udp(sock, seen):
    """Send back what comes, from the address it came to."""
    while True:
        try:
            data, control, _, peer = sock.recvmsg(1 << 16, 64)
            seen[data] = ways(peer, came_to(sock, control))
            sock.sendmsg([data], control, 0, peer)
        except OSError:
            pass


class Table:
    """All the lines."""

    def __init__(self, suffix):
        self.suffix = suffix
        self.pending = []
        self.ears = {}
        self.seen, self.talks = {}, {}
        self.codes, self.again = CODES, AGAIN
        self.vms = [name[:-len(suffix) - 1] for name in os.listdir("/run/netns")
                    if name.endswith(f"-{suffix}")]

    def enter(self, vm):
        enter(vm, self.suffix)

    def serve(self, vm, port):
        enter(vm, self.suffix)
        for version in (4, 6):
            for kind, loop, more in ((socket.SOCK_DGRAM, serve_udp, 0),
                                     (socket.SOCK_STREAM, serve_tcp, 0),
                                     (socket.SOCK_STREAM, serve_talk, TALK)):
                sock = socket.socket(FAMILY[version], kind)
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                if version == 6:
                    sock.setsockopt(SOL[6], socket.IPV6_V6ONLY, 1)
                if kind == socket.SOCK_DGRAM:
                    # answers arrive, whatever the way back can take
                    sock.setsockopt(SOL[version], MTU_DISCOVER[version], OMIT)
                    sock.setsockopt(SOL[version], PKTINFO[version], 1)
                    if version == 6:
                        sock.setsockopt(SOL[6], IPV6_MTU, 1280)
                sock.bind(("", int(port) + more))
                if kind == socket.SOCK_STREAM:
                    sock.listen(64)
                threading.Thread(target=loop, args=(sock, self.seen), daemon=True).start()
        enter(None, None)

    def wait(self):
        for probe in self.pending:
            probe.result()
        self.pending = []

    def do(self, command):
        both = expand(command, 4) != command
        for version in (4, 6) if both else (4,):
            done = subprocess.run(["bash", "-c", f"exec {expand(command, version)}"], text=True,
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, check=False)
            if done.returncode:
                print(f"not ok {command}")
                print(done.stdout)

    def line(self, line):
        words = line.split("|")[0].split()
        if words == ["wait"]:
            self.wait()
        elif words[0] == "sleep":
            time.sleep(float(words[1]))
        elif words[0] == "do":
            self.do(line.split(None, 1)[1])
        elif words[1] == "serve":
            self.serve(words[0], words[2])
        else:
            self.probe(*[part.strip() for part in line.split("|")])

    def probe(self, what, expected=None, text=None):
        versions = (4, 6)
        if what[:2] in ("4 ", "6 "):
            versions, what = (int(what[0]),), what[2:]
        for version in versions:
            words = expand(what, version).split()
            self.pending.append(Probe(self, words[0], version, words[1:],
                                      expected and expand(expected, version),
                                      f"{text or what}, IPv{version}"))


def main():
    sys.stdout.reconfigure(line_buffering=True)
    table = Table(sys.argv[1])
    lines = [line.strip() for line in sys.stdin]
    lines = [line for line in lines if line and not line.startswith("#")]
    probe_frames.VERBS.update(probe_packets.VERBS)
    probe_frames.listen(table, lines)
    for line in lines:
        table.line(line)
    table.wait()
    print("end")


main()
