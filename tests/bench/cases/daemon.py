# SPDX-License-Identifier: GPL-2.0
"""P12: the daemon: memory, a cold start, how soon a write to ZooKeeper is in force."""

import contextlib
import json
import os
import selectors
import socket
import subprocess
import tempfile
import time

import lab

TOOLS = os.path.join(os.path.dirname(os.path.dirname(lab.HERE)), "build/tests")
PORT = 2181
STORE = f"zk:127.0.0.1:{PORT}/bench"
JAR = "/usr/share/java/zookeeper.jar"
HOSTS = 50
# changes per round
CHANGES = 10
PATIENCE = 120


def _words(command):
    """What a server says of itself: {name: value}"""
    with socket.create_connection(("127.0.0.1", PORT), 5) as s:
        s.sendall(command.encode())
        text = b"".join(iter(lambda: s.recv(4096), b"")).decode()
    return dict(line.split("\t", 1) for line in text.splitlines() if "\t" in line)


def _until(what, check):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with contextlib.suppress(OSError, lab.Failed, ValueError):
            if check():
                return
        time.sleep(0.05)
    raise lab.Failed(f"{what}: not after {PATIENCE} s")


@contextlib.contextmanager
def _zookeeper():
    if not os.path.exists(JAR):
        raise lab.Failed("zookeeper is not installed")
    with tempfile.TemporaryDirectory() as folder:
        lab.write(f"{folder}/zoo.cfg", f"dataDir={folder}\nclientPort={PORT}\n"
                  "clientPortAddress=127.0.0.1\nadmin.enableServer=false\n"
                  "maxClientCnxns=0\ntickTime=2000\n4lw.commands.whitelist=*\n")
        server = subprocess.Popen(
            ["java", "-Xmx512m", "-XX:+UseSerialGC", "-cp", JAR,
             "org.apache.zookeeper.server.quorum.QuorumPeerMain", f"{folder}/zoo.cfg"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            _until("ZooKeeper answers", lambda: _words("mntr"))
            yield
        finally:
            server.kill()
            server.wait()


@contextlib.contextmanager
def _daemon(host, ns=None, stderr=subprocess.DEVNULL):
    command = ["midonetd", "--foreground", "--config", "/dev/null", "--store", STORE,
               "--host", host]
    daemon = subprocess.Popen(command + (["-n", ns] if ns else []), stderr=stderr,
                              stdout=subprocess.DEVNULL)
    try:
        yield daemon
    finally:
        daemon.terminate()
        daemon.wait()


def _revision(ns=None):
    return json.loads(lab.sh(f"midoctl {f'-n {ns} ' if ns else ''}-j status"))["revision"]


def _resident(pid):
    for line in lab.read(f"/proc/{pid}/status").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise lab.Failed("no VmRSS")


def _change(text):
    lab.sh(f"midoctl -s {STORE} batch -", text)


def _start(host):
    """Seconds until all of the store is in force in an empty kernel, bytes of the daemon."""
    lab.sh("midoctl release; midoctl flush", check=False)
    begin = time.monotonic()
    with _daemon(host) as daemon:
        _until("a cold start", lambda: _revision() >= 1)
        took = time.monotonic() - begin
        return took, _resident(daemon.pid)


def _ports(bridges, each):
    for b in range(bridges):
        yield f"bridge add b{b}"
        for p in range(each):
            yield f"port add b{b}:p{p} dev d{b}.{p} host other"


def _routers_and_rules(routers, chains, rules):
    for r in range(routers):
        yield f"router add r{r}"
    for c in range(chains):
        yield f"chain add c{c}"
        for i in range(rules):
            yield (f"rule add c{c} src 10.{c // 256}.{c % 256}.{i} proto tcp "
                   f"dst-port {i + 1} accept")


def _cold(bench):
    with _zookeeper():
        _change("\n".join(["host add other", *_ports(100, 100)]) + "\n")
        sizes = [_start("h")[1] for _ in range(bench.rounds)]
        bench.figure("P12", "resident-mib", lab.median(sizes) / 2**20,
                     {"midonetd": lab.median(sizes)})
        _change("\n".join(_routers_and_rules(1000, 1000, 100)) + "\n")
        times = [_start("h")[0] * 1e9 for _ in range(bench.rounds)]
        bench.figure("P12", "cold-s", lab.median(times) / 1e9, {"midonetd": lab.median(times)})
    lab.sh("midoctl release; midoctl flush", check=False)


class Heard:
    """What many daemons say, and when."""

    def __init__(self, streams):
        self.poll = selectors.DefaultSelector()
        self.rest = {}
        for stream in streams:
            os.set_blocking(stream.fileno(), False)
            self.poll.register(stream, selectors.EVENT_READ)
            self.rest[stream] = b""

    def revision(self, number, count):
        """When each of them said that a revision is in force."""
        times, wanted = [], f"midonetd: revision {number} of ".encode()
        end = time.monotonic() + PATIENCE
        while len(times) < count and time.monotonic() < end:
            for key, _ in self.poll.select(0.5):
                now = time.monotonic_ns()
                stream = key.fileobj
                *lines, self.rest[stream] = (self.rest[stream] + stream.read()).split(b"\n")
                times += [now for line in lines if line.startswith(wanted)]
        if len(times) < count:
            raise lab.Failed(f"revision {number} is in force on {len(times)} of {count} hosts")
        return times


def _hosts(bench):
    names = [f"h{i}" for i in range(HOSTS)]
    lab.add_netns(*names)
    with _zookeeper(), contextlib.ExitStack() as stack:
        _change("bridge add net0\n")
        daemons = [stack.enter_context(_daemon(name, name, subprocess.PIPE)) for name in names]
        for name in names:
            _until(f"{name} follows", lambda name=name: _revision(name) == 1)
        heard, late, last = Heard([d.stderr for d in daemons]), [], []
        _follow(heard, 2, [], [])
        before = _words("mntr")
        for number in range(CHANGES * bench.rounds):
            _follow(heard, number + 3, late, last)
        after = _words("mntr")
    asked = (int(after["zk_packets_received"]) - int(before["zk_packets_received"])) \
        / (CHANGES * bench.rounds * HOSTS)
    ns = {"midonetd": lab.median(late), "last host": lab.median(last)}
    bench.figure("P12", "in-force-ms", ns["midonetd"] / 1e6, ns)
    bench.figure("P12", "last-in-force-ms", ns["last host"] / 1e6, ns)
    bench.figure("P12", "watches", int(after["zk_watch_count"]) / HOSTS, {})
    bench.figure("P12", "requests", asked, {})


def _follow(heard, number, late, last):
    """One change, and how long after the write each host has it, in ns."""
    written = int(lab.sh(f"{TOOLS}/revise {STORE} net0 1 when").split()[0])
    times = heard.revision(number, HOSTS)
    late += [at - written for at in times]
    last.append(max(times) - written)
    time.sleep(0.1)


def p12(bench):
    _cold(bench)
    _hosts(bench)
