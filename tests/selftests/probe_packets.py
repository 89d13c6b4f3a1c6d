# SPDX-License-Identifier: GPL-2.0
"""
Probes of probe.py that are packets made by hand, and what of them arrives, header by header.

    packet KIND to=MAC|VM src=A dst=A WORD...

KIND is tcp, udp, sctp, echo, reply, error or the number of a protocol. No stack may own the
destination (a static neighbour leads there), else it answers. WORDs:

    sport=N dport=N flags=SAFRP id=N    of TCP: default S; of an echo or a reply
    n=N step=WORD   so many, WORD (sport, dport, id, src or dst) counting upwards; at=RATE per s
    size=N ttl=N dscp=N df ident=N csum=0|bad
    cut=N [only=2,3,1]  in fragments of N bytes, of which these in this order are sent
    error=T/C [mtu=N] about=KIND qsrc=A qdst=A [qsport=N qdport=N qid=N] [short[=N]]
                    what the error quotes; short: 8 bytes, or N, of its L4 header

The outcome of one packet is where it arrives and what it is there:

    VM tcp A P > A P FLAGS | VM udp A P > A P | VM echo A > A id N | VM NUMBER A > A
    VM T/C A > A about KIND A P > A P           an ICMP error
    [N fragments]                               at the end, if it is in some
    rst | T/C A                                 what the sender is told
    nothing

Every checksum is verified: "VM bad checksum". With the word hops " ttl N" follows, with ident
" ident N". With n=N it is "N arrived, N told", with the word where "N at VM, ...". That
is known when all are there, or no more came for 1.5 s, wait=S.
"""

import re
import struct
import time
from collections import Counter, defaultdict

from probe_frames import (ETH, address, address_text, attend, checksum, ethernet, mac_bytes,
                          mac_word, send, until)

NUMBERS = {"tcp": 6, "udp": 17, "sctp": 132}
NAMES = {number: name for name, number in NUMBERS.items()}
FLAGS = "FSRPAU"
ECHO = {4: (8, 0), 6: (128, 129)}
ICMP = {4: 1, 6: 58}
PATIENCE = 6.0
ERRORS = {4: (3, 4, 5, 11, 12), 6: range(128)}


def pseudo(src, dst, proto, length):
    if len(src) == 4:
        return src + dst + struct.pack("!BBH", 0, proto, length)
    return src + dst + struct.pack("!II", length, proto)


def crc32c(data):
    crc = 0xffffffff
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82f63b78 if crc & 1 else 0)
    return struct.pack("<I", crc ^ 0xffffffff)


def flags_of(text):
    return sum(1 << FLAGS.index(letter) for letter in text)


def flags_text(value):
    return "".join(letter for letter in "SAFRPU" if value >> FLAGS.index(letter) & 1)


def put_checksum(data, at, over, udp=False):
    value = checksum(over + data)
    if udp and not value:
        value = 0xffff
    return data[:at] + struct.pack("!H", value) + data[at + 2:]


def l4(kind, src, dst, word, number, payload):
    """An L4 header and its payload; the protocol."""
    version = 4 if len(src) == 4 else 6
    sport, dport = number("sport", 5000), number("dport", 7)
    if kind == "tcp":
        data = struct.pack("!HHIIBBHHH", sport, dport, 1000, 2000, 0x50,
                           flags_of(word("flags", "S")), 8192, 0, 0) + payload
        return 6, put_checksum(data, 16, pseudo(src, dst, 6, len(data)))
    if kind == "udp":
        data = struct.pack("!HHHH", sport, dport, 8 + len(payload), 0) + payload
        if word("csum", None) == "0":
            return 17, data
        return 17, put_checksum(data, 6, pseudo(src, dst, 17, len(data)), True)
    if kind == "sctp":
        payload += b"." * (-len(payload) % 4)
        data = struct.pack("!HHII", sport, dport, 1, 0)
        data += struct.pack("!BBH", 0, 3, 4 + len(payload)) + payload
        return 132, data[:8] + crc32c(data) + data[12:]
    if kind in ("echo", "reply"):
        data = struct.pack("!BBHHH", ECHO[version][kind == "reply"], 0, 0, number("id", 1), 1)
        data += payload
        over = b"" if version == 4 else pseudo(src, dst, 58, len(data))
        return ICMP[version], put_checksum(data, 2, over)
    return int(kind), payload


def ip(src, dst, proto, ttl, ident, flags, body, tos=0):
    """A packet; flags: 0x4000 DF, 0x2000 MF, offset in units of 8 bytes."""
    if len(src) == 4:
        head = struct.pack("!BBHHHBBH", 0x45, tos, 20 + len(body), ident & 0xffff, flags, ttl,
                           proto, 0)
        head += src + dst
        return put_checksum(head, 10, b"") + body
    if flags & 0x3fff:
        part = (flags & 0x1fff) << 3 | bool(flags & 0x2000)
        body, proto = struct.pack("!BBHI", proto, 0, part, ident) + body, 44
    return struct.pack("!IHBB", 6 << 28 | tos << 20, len(body), proto, ttl) + src + dst + body


def upwards(addr, i):
    return (int.from_bytes(addr, "big") + i).to_bytes(len(addr), "big")


class Maker:
    """Packets of one probe."""

    def __init__(self, probe, mark):
        self.probe, self.mark = probe, mark
        self.named = probe.words.named
        self.kind = probe.words.plain[0]

    def number(self, name, default, i):
        return int(self.named.get(name, default)) + (i if self.named.get("step") == name else 0)

    def addr(self, name, i):
        addr = address(self.named[name])
        return upwards(addr, i) if self.named.get("step") == name else addr

    def is_short(self):
        return self.probe.words.has("short") or "short" in self.named

    def error(self, src, dst, payload):
        """An ICMP error."""
        version = self.probe.version
        name = self.named["error"]
        kind, code = map(int, (name if version == 4 else self.probe.table.codes[name]).split("/"))
        qsrc, qdst = address(self.named["qsrc"]), address(self.named["qdst"])
        names = {"sport": "qsport", "dport": "qdport", "id": "qid", "flags": "qflags"}
        proto, body = l4(self.named["about"], qsrc, qdst,
                         lambda n, d: self.named.get(names.get(n, n), d),
                         lambda n, d: int(self.named.get(names[n], d)), payload)
        quote = ip(qsrc, qdst, proto, 60, 1, 0, body)
        if self.is_short():
            quote = quote[:(20 if version == 4 else 40) + int(self.named.get("short", 8))]
        mtu = int(self.named.get("mtu", 0))
        data = struct.pack("!BBHI", kind, code, 0, mtu) + quote
        over = b"" if version == 4 else pseudo(src, dst, 58, len(data))
        return ICMP[version], put_checksum(data, 2, over)

    def make(self, i):
        """The packets of number i: one, or its fragments."""
        src, dst = self.addr("src", i), self.addr("dst", i)
        size = self.number("size", 100, i)
        payload = self.mark + b"%08d" % i
        # Every fragment is marked.
        room = size - len(payload) - (28 if len(src) == 4 else 48)
        payload += (self.mark * (room // len(self.mark) + 1))[:max(room, 0)]
        if self.kind == "error":
            proto, body = self.error(src, dst, payload)
        else:
            proto, body = l4(self.kind, src, dst, self.named.get,
                             lambda n, d: self.number(n, d, i), payload)
        if self.named.get("csum") == "bad":
            body = body[:16] + bytes(b ^ 0x55 for b in body[16:18]) + body[18:]
        ttl, ident = self.number("ttl", 64, 0), self.number("ident", 1 + (id(self) >> 4 & 0xfff), i)
        tos = self.number("dscp", 0, 0) << 2
        if "cut" not in self.named:
            flags = 0x4000 if self.probe.words.has("df") else 0
            return [ip(src, dst, proto, ttl, ident, flags, body, tos)]
        step = int(self.named["cut"]) // 8 * 8
        parts = [ip(src, dst, proto, ttl, ident,
                    (0x2000 if at + step < len(body) else 0) | at // 8, body[at:at + step], tos)
                 for at in range(0, len(body), step)]
        only = self.named.get("only")
        return parts if not only else [parts[int(n) - 1] for n in only.split(",")]


class Parsed:
    """A packet that arrived."""

    def __init__(self, data):
        self.version = data[0] >> 4
        self.bad = False
        self.offset = self.more = self.ident = 0
        if self.version == 4:
            length = struct.unpack_from("!H", data, 2)[0]
            head = (data[0] & 15) * 4
            self.whole = length <= len(data)
            self.ident, frag = struct.unpack_from("!HH", data, 4)
            self.offset, self.more = (frag & 0x1fff) * 8, bool(frag & 0x2000)
            self.ttl, self.proto = data[8], data[9]
            self.src, self.dst = data[12:16], data[16:20]
            self.bad = bool(checksum(data[:head]))
            self.body = data[head:length]
        else:
            length = struct.unpack_from("!H", data, 4)[0]
            self.whole = length + 40 <= len(data)
            self.proto, self.ttl = data[6], data[7]
            self.src, self.dst = data[8:24], data[24:40]
            self.body = data[40:40 + length]
            if self.proto == 44:
                self.proto, _, frag, self.ident = struct.unpack_from("!BBHI", self.body)
                self.offset, self.more = frag & 0xfff8, frag & 1
                self.body = self.body[8:]
        self.fragment = self.offset or self.more

    def over(self):
        return pseudo(self.src, self.dst, self.proto, len(self.body))

    def checks(self):
        """Is the L4 checksum right?"""
        if self.bad or not self.whole:
            return not self.bad
        if self.proto == 6:
            return not checksum(self.over() + self.body)
        if self.proto == 17:
            return self.body[6:8] == b"\0\0" and self.version == 4 or \
                not checksum(self.over() + self.body)
        if self.proto == 132:
            return self.body[8:12] == crc32c(self.body[:8] + bytes(4) + self.body[12:])
        if self.proto == ICMP[self.version]:
            return not checksum((b"" if self.version == 4 else self.over()) + self.body)
        return True

    def describe(self, again):
        """The words of it."""
        src, dst, body = address_text(self.src), address_text(self.dst), self.body
        if len(body) < 8 and self.proto in (*NAMES, ICMP[self.version]):
            return f"{self.proto} {src} > {dst} cut off"
        if self.proto in NAMES:
            sport, dport = struct.unpack_from("!HH", body)
            flags = f" {flags_text(body[13])}" if self.proto == 6 and len(body) > 13 else ""
            return f"{NAMES[self.proto]} {src} {sport} > {dst} {dport}{flags}"
        if self.proto != ICMP[self.version]:
            return f"{self.proto} {src} > {dst}"
        if body[0] in ECHO[self.version]:
            name = ("echo", "reply")[ECHO[self.version].index(body[0])]
            return f"{name} {src} > {dst} id {struct.unpack_from('!H', body, 4)[0]}"
        name = f"{body[0]}/{body[1]}"
        name = again.get(name, f"v6:{name}") if self.version == 6 else name
        if body[0] not in ERRORS[self.version]:
            return f"{name} {src} > {dst}"
        quote = Parsed(body[8:])
        text = quote.describe(again)
        if not quote.checks():
            text += ", its checksum bad"
        return f"{name} {src} > {dst} about {text}"


class Assembly:
    """Packets of one probe at one VM, put together."""

    def __init__(self):
        self.parts = {}
        self.n = 0

    def add(self, packet):
        """The whole packet, if it is complete by now."""
        self.n += 1
        self.parts[packet.offset] = packet
        if 0 not in self.parts:
            return None
        body, at = b"", 0
        while at in self.parts:
            body += self.parts[at].body
            if not self.parts[at].more:
                whole = self.parts[0]
                whole.body, whole.more, whole.fragment = body, False, False
                return whole
            if not self.parts[at].body:
                return None
            at = len(body)
        return None


def ours(probe, heard, seconds):
    """Frames for the VM where they are heard; not what is flooded to it."""
    macs = {vm: mac_bytes(ear.mac) for vm, ear in probe.table.ears.items()}
    for frame in until(heard, seconds):
        if frame.data[0] & 1 or frame.data[:6] == macs[frame.vm]:
            yield frame


def start(probe):
    heard = attend(probe, probe.table.ears)
    mark = f"mn={id(probe):x}=".encode()
    maker = Maker(probe, mark)
    count = probe.words.number("n", 1)
    rate = float(probe.words.named.get("at", 0))
    to = mac_word(probe, "to")
    mine = mac_word(probe, "from", probe.vm)
    for i in range(count):
        for packet in maker.make(i):
            send(probe, ethernet(to, mine, ETH[probe.version], packet))
        if rate:
            time.sleep(1 / rate)
    if count == 1:
        return lambda: judge(probe, heard, mark, maker)
    return lambda: judge_many(probe, heard, mark, count)


def is_rst(probe, packet, maker):
    """Does it refuse our TCP packet?"""
    if maker.kind != "tcp" or packet.proto != 6 or len(packet.body) < 14:
        return False
    ports = struct.unpack_from("!HH", packet.body)
    return packet.body[13] & 4 and packet.src == maker.addr("dst", 0) and \
        packet.dst == maker.addr("src", 0) and \
        ports == (maker.number("dport", 7, 0), maker.number("sport", 5000, 0))


def about_us(frame, packet, mark, maker):
    """Is it ours, or what has become of it?"""
    if mark in frame.data:
        return True
    # It quotes too little of the packet to have the mark.
    return maker.is_short() and packet.proto == ICMP[packet.version] and \
        packet.body[0] in ERRORS[packet.version]


def judge(probe, heard, mark, maker):
    assemblies = defaultdict(Assembly)
    for frame in ours(probe, heard, probe.quiet):
        if frame.version != probe.version:
            continue
        try:
            packet = Parsed(frame.ip)
        except struct.error:
            continue
        if frame.vm == probe.vm and is_rst(probe, packet, maker):
            return "rst"
        if not about_us(frame, packet, mark, maker):
            continue
        suffix = f" ident {packet.ident}" if probe.words.has("ident") else ""
        if packet.fragment:
            assembly = assemblies[frame.vm]
            packet = assembly.add(packet)
            if not packet:
                continue
            suffix = f" {assembly.n} fragments" + suffix
        if not packet.checks():
            return f"{frame.vm} bad checksum"
        text = packet.describe(probe.table.again)
        told = re.match(r"(v6:)?\d+/\d+ ", text) and frame.vm == probe.vm
        if told and maker.kind != "error":
            return " ".join(text.split()[:2])
        hops = f" ttl {packet.ttl}" if probe.words.has("hops") else ""
        return f"{frame.vm} {text}{hops}{suffix}"
    if assemblies:
        return ", ".join(f"{n.n} fragments at {vm}" for vm, n in assemblies.items())
    return "nothing"


def judge_many(probe, heard, mark, count):
    seen = Counter()
    quiet = float(probe.words.named.get("wait", 1.5))
    none = re.match("0 |nothing|\\*$", probe.expected)
    while seen.total() < count:
        for frame in ours(probe, heard, quiet if seen or none else PATIENCE):
            if mark in frame.data:
                seen[frame.vm] += 1
                break
        else:
            break
    if probe.words.has("where"):
        return ", ".join(f"{n} at {vm}" for vm, n in sorted(seen.items())) or "nothing"
    told = seen.pop(probe.vm, 0)
    return f"{sum(seen.values())} arrived, {told} told"


VERBS = {"packet": start}
