# SPDX-License-Identifier: GPL-2.0
"""
Probes of probe.py that are frames made by hand, and ears for frames.

    raw to=MAC|VM src=A dst=A [from=MAC] [vlan=N] [ttl=N] [icmp=T/C] [n=N] [type=HEX] [df] [size=N]
        [first|later]
        an echo reply (nobody answers it) that is looked for in every VM of the table: the outcome
        is "VM ttl N [vlan N]" where it arrives (with the word macs: "... MAC to MAC"), or the ICMP
        error that quotes it to the sender, "T/C A [mtu N] [vlan N]"; with n=N copies, "N arrived
        [in order], N told", or the other way round with the word told. first and later: it says
        that it is such a fragment
    who A from=A|- [mac=MAC] [to=MAC] [n=N] [ttl=N]
                                            ARP request or neighbour solicitation (-: a probe):
                                            "is-at MAC"; n: by as many senders, from A upwards
    claim A mac=MAC to=MAC target=A [n=N]   ARP reply or solicited neighbour advertisement, n: of
                                            as many addresses, from A upwards
    gratuitous A mac=MAC                    to everybody
    asked A                                 somebody asks for A from now on: "asked"
    answers A mac=MAC [after=S]             the same, and is answered so much later
    announced A                             somebody tells everybody: "announced MAC"
"""

import fcntl
import queue
import re
import socket
import struct
import threading
import time

ETH = {4: 0x0800, 6: 0x86dd}
BROADCAST = "ff:ff:ff:ff:ff:ff"
SIOCGIFHWADDR = 0x8927
FLAGS = {"df": 0x4000, "first": 0x2000, "later": 0x2010}


def mac_bytes(mac):
    return bytes.fromhex(mac.replace(":", ""))


def mac_text(data):
    return data.hex(":")


def address(text):
    return socket.inet_pton(socket.AF_INET6 if ":" in text else socket.AF_INET, text)


def address_text(data):
    return socket.inet_ntop(socket.AF_INET if len(data) == 4 else socket.AF_INET6, data)


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def pseudo(src, dst, length):
    return src + dst + struct.pack("!II", length, 58)


def icmp(src, dst, kind, code, body):
    """An ICMP message with its checksum, of the IP version of the addresses."""
    data = struct.pack("!BBH", kind, code, 0) + body
    over = data if len(src) == 4 else pseudo(src, dst, len(data)) + data
    return data[:2] + struct.pack("!H", checksum(over)) + data[4:]


def ip(src, dst, ttl, body, ident=0, flags=0):
    """A packet; flags as in IPv4: 0x4000 DF, 0x2000 MF, offset."""
    if len(src) == 16:
        proto = 58
        if flags & 0x3fff:
            fragment = (flags & 0x1fff) << 3 | bool(flags & 0x2000)
            body, proto = struct.pack("!BBHI", proto, 0, fragment, ident) + body, 44
        return struct.pack("!IHBB", 6 << 28, len(body), proto, ttl) + src + dst + body
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(body), ident, flags, ttl, 1, 0)
    head += src + dst
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + body


def ethernet(dst, src, kind, body, vlan=None):
    tag = b"" if vlan is None else struct.pack("!HH", 0x8100, int(vlan))
    return mac_bytes(dst) + mac_bytes(src) + tag + struct.pack("!H", kind) + body


def arp(op, sha, spa, tha, tpa):
    return struct.pack("!HHBBH", 1, 0x0800, 6, 4, op) + sha + spa + tha + tpa


def solicited_node(addr):
    return bytes.fromhex("ff0200000000000000000001ff") + addr[13:]


class Frame:
    """A frame that was heard."""

    def __init__(self, vm, data, vlan):
        self.vm, self.data, self.vlan = vm, data, vlan
        self.kind = struct.unpack_from("!H", data, 12)[0]
        self.ip = data[14:]
        self.version = {0x0800: 4, 0x86dd: 6}.get(self.kind)

    def icmp(self):
        """Source, destination, message; None if it is none or its checksum is wrong."""
        if self.version == 4 and len(self.ip) > 28 and self.ip[9] == 1:
            length = struct.unpack_from("!H", self.ip, 2)[0]
            src, dst, data = self.ip[12:16], self.ip[16:20], self.ip[20:length]
            return (src, dst, data) if not checksum(data) and not checksum(self.ip[:20]) else None
        if self.version == 6 and len(self.ip) > 48 and self.ip[6] == 58:
            length = struct.unpack_from("!H", self.ip, 4)[0]
            src, dst, data = self.ip[8:24], self.ip[24:40], self.ip[40:40 + length]
            return (src, dst, data) if not checksum(pseudo(src, dst, len(data)) + data) else None
        return None

    def describe(self, probe):
        """What has become of a packet of this probe."""
        message = self.icmp()
        if not message:
            return f"{self.vm} bad checksum"
        src, _, data = message
        tag = "" if self.vlan is None else f" vlan {self.vlan}"
        if self.vm != probe.vm:
            macs = probe.words.has("macs")
            macs = f" {mac_text(self.data[6:12])} to {mac_text(self.data[:6])}" if macs else ""
            return f"{self.vm} ttl {self.ip[8] if self.version == 4 else self.ip[7]}{tag}{macs}"
        name = f"{data[0]}/{data[1]}"
        if self.version == 6:
            name = probe.table.again.get(name, f"v6:{name}")
        mtu = struct.unpack_from("!I", data, 4)[0] & (0xffff if self.version == 4 else 0xffffffff)
        return f"{name} {address_text(src)}" + (f" mtu {mtu}" if name == "3/4" else "") + tag

    def neighbour(self):
        """("ask", target, asker's address and MAC) or ("tell", target, MAC, to all), or None."""
        if self.kind == 0x0806:
            op, sha, spa = struct.unpack_from("!H", self.ip, 6)[0], self.ip[8:14], self.ip[14:18]
            tpa = self.ip[24:28]
            if op == 2 or spa == tpa:
                return "tell", address_text(spa), sha, spa == tpa
            return "ask", address_text(tpa), spa, sha
        message = self.icmp()
        if not message or message[2][0] not in (135, 136) or self.version != 6:
            return None
        src, dst, data = message
        target = address_text(data[8:24])
        if data[0] == 135:
            return "ask", target, src, data[26:32] if len(data) >= 32 else self.data[6:12]
        return "tell", target, data[26:32], dst[0] == 0xff


class Ear(threading.Thread):
    """Everything that arrives at a VM."""

    def __init__(self, table, vm):
        super().__init__(daemon=True)
        self.vm = vm
        self.listeners = []
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
        self.socket.setsockopt(263, 8, 1)       # SOL_PACKET, PACKET_AUXDATA
        self.socket.setsockopt(socket.SOL_SOCKET, 33, 8 << 20)  # SO_RCVBUFFORCE
        self.socket.bind(("eth0", 3))
        raw = fcntl.ioctl(self.socket, SIOCGIFHWADDR, struct.pack("16s24x", b"eth0"))
        self.mac = mac_text(raw[18:24])
        self.start()

    def run(self):
        while True:
            try:
                data, control, _, peer = self.socket.recvmsg(65600, 256)
            except OSError:
                continue        # the device was down
            if peer[2] == socket.PACKET_OUTGOING:
                continue
            vlan = None
            for _, _, aux in control:
                status, tci = struct.unpack_from("=I", aux)[0], struct.unpack_from("=H", aux, 16)[0]
                if status & 0x10:       # TP_STATUS_VLAN_VALID
                    vlan = tci & 0xfff
            frame = Frame(self.vm, data, vlan)
            for listener in list(self.listeners):
                listener.put(frame)


def listen(table, lines):
    """Ears for all VMs, if a line has frames made by hand."""
    if not any(re.search(rf"\b({'|'.join(VERBS)})\b", line.split("|")[0]) for line in lines):
        return
    for vm in table.vms:
        table.enter(vm)
        table.ears[vm] = Ear(table, vm)
        table.enter(None)


def attend(probe, vms):
    """A queue of what these VMs hear from now on."""
    heard = queue.Queue()
    for vm in vms:
        probe.table.ears[vm].listeners.append(heard)
    return heard


def until(heard, seconds):
    """Frames as they come."""
    end = time.monotonic() + seconds
    while True:
        try:
            yield heard.get(timeout=max(end - time.monotonic(), 0.001))
        except queue.Empty:
            if time.monotonic() >= end:
                return


def mac_word(probe, name, default=None):
    """A MAC, or that of a VM."""
    word = probe.words.named.get(name, default)
    ears = probe.table.ears
    return ears[word].mac if word in ears else word


def send(probe, frame):
    probe.table.ears[probe.vm].socket.send(frame)


def start(probe):
    """Begin; what returns the outcome."""
    return VERBS[probe.verb](probe)


def start_raw(probe):
    named, number = probe.words.named, probe.words.number
    src, dst = address(named["src"]), address(named["dst"])
    count, version = number("n", 1), probe.version
    kind, code = map(int, named.get("icmp", "0/0" if version == 4 else "129/0").split("/"))
    if "icmp" in named and version == 6:
        kind, code = map(int, probe.table.codes[named["icmp"]].split("/"))
    mark = f"mn-{id(probe):x}-".encode()
    heard = attend(probe, probe.table.ears)
    for i in range(count):
        body = struct.pack("!HH", 0, i & 0xffff) + (mark + b"%08d" % i).ljust(
            number("size", 84) - (24 if version == 4 else 44) - 4, b".")
        packet = ip(src, dst, number("ttl", 64), icmp(src, dst, kind, code, body),
                    1 + i, sum(flag for word, flag in FLAGS.items() if probe.words.has(word)))
        send(probe, ethernet(mac_word(probe, "to"), mac_word(probe, "from", probe.vm),
                             int(named.get("type", hex(ETH[version])), 16), packet,
                             named.get("vlan")))
    return lambda: judge_raw(probe, heard, mark, count)


def judge_raw(probe, heard, mark, count):
    arrived, told = [], 0
    quiet = probe.quiet if count == 1 else float(probe.words.named.get("wait", 1.5))
    for frame in until(heard, quiet):
        if mark not in frame.data:
            continue
        if count == 1:
            return frame.describe(probe)
        if frame.vm == probe.vm:
            told += 1
        else:
            at = frame.data.index(mark) + len(mark)
            arrived.append(int(frame.data[at:at + 8]))
    if count == 1:
        return "nothing"
    order = " in order" if arrived == sorted(arrived) else ""
    if probe.words.has("told"):
        return f"{told} told, {len(arrived)} arrived{order}"
    return f"{len(arrived)} arrived{order}, {told} told"


def upwards(addr, count):
    """So many addresses from this one."""
    first = int.from_bytes(addr, "big")
    return [(first + i).to_bytes(len(addr), "big") for i in range(count)]


def ask(probe, target, source, mac):
    """An ARP request, or a neighbour solicitation."""
    if len(target) == 4:
        return ethernet(mac_word(probe, "to", BROADCAST), mac, 0x0806,
                        arp(1, mac_bytes(mac), source, bytes(6), target))
    group = solicited_node(target)
    option = b"\1\1" + mac_bytes(mac) if any(source) else b""
    message = icmp(source, group, 135, 0, bytes(4) + target + option)
    to = mac_word(probe, "to", "33:33:" + mac_text(group[12:]))
    return ethernet(to, mac, ETH[6], ip(source, group, probe.words.number("ttl", 255), message))


def start_who(probe):
    target = address(probe.words.plain[0])
    sender = probe.words.named["from"]
    source = bytes(len(target)) if sender == "-" else address(sender)
    heard = attend(probe, [probe.vm])
    for one in upwards(source, probe.words.number("n", 1)):
        send(probe, ask(probe, target, one, mac_word(probe, "mac", probe.vm)))
    return lambda: judge_tell(probe, heard, "is-at", None)


def judge_tell(probe, heard, word, to_all):
    for frame in until(heard, probe.quiet):
        told = frame.neighbour()
        if told and told[0] == "tell" and told[1] == probe.words.plain[0] and \
           to_all in (None, told[3]):
            return f"{word} {mac_text(told[2])}"
    return "nothing"


def tell(probe, addr, mac, to_mac, to_addr, solicited):
    """An ARP reply, or a neighbour advertisement."""
    if probe.version == 4:
        return ethernet(to_mac, mac, 0x0806,
                        arp(2 if solicited else 1, mac_bytes(mac), addr,
                            mac_bytes(to_mac) if solicited else bytes(6), to_addr))
    body = struct.pack("!I", 0x60000000 if solicited else 0x20000000)
    message = icmp(addr, to_addr, 136, 0, body + addr + b"\2\1" + mac_bytes(mac))
    return ethernet(to_mac, mac, ETH[6], ip(addr, to_addr, 255, message))


def start_claim(probe):
    addr, to = address(probe.words.plain[0]), address(probe.words.named["target"])
    for one in upwards(addr, probe.words.number("n", 1)):
        send(probe, tell(probe, one, mac_word(probe, "mac"), mac_word(probe, "to"), to, True))
    return lambda: "sent"


def start_gratuitous(probe):
    addr = address(probe.words.plain[0])
    everybody = addr if probe.version == 4 else address("ff02::1")
    to = BROADCAST if probe.version == 4 else "33:33:00:00:00:01"
    send(probe, tell(probe, addr, mac_word(probe, "mac"), to, everybody, False))
    return lambda: "sent"


def start_asked(probe):
    heard = attend(probe, [probe.vm])
    return lambda: judge_asked(probe, heard)


def judge_asked(probe, heard):
    addr = probe.words.plain[0]
    for frame in until(heard, probe.quiet):
        asked = frame.neighbour()
        if not asked or asked[:2] != ("ask", addr):
            continue
        if probe.verb == "answers":
            time.sleep(float(probe.words.named.get("after", 0)))
            send(probe, tell(probe, address(addr), mac_word(probe, "mac"), mac_text(asked[3]),
                             asked[2], True))
        return "asked"
    return "nothing"


def start_announced(probe):
    heard = attend(probe, [probe.vm])
    return lambda: judge_tell(probe, heard, "announced", True)


VERBS = {"raw": start_raw, "who": start_who, "claim": start_claim,
         "gratuitous": start_gratuitous, "asked": start_asked, "answers": start_asked,
         "announced": start_announced}
