# SPDX-License-Identifier: GPL-2.0
"""
P2t: what it costs to send to another host, and to receive from one, by VXLAN. A guest at d0,
the other host behind d1; harness 2. P2: the same with what P2 has on the way. P7: a TCP stream
from one host to the other.
"""

import feed
import lab
from cases import tcp
from cases.forward import _medians, ratio
from cases.nat import OvsNat, PUBLIC, Translated, conntrack_room
from cases.route import NEXT
from contestants import Contestant, Midonet, OvsL2, Sink, present

HERE = "192.0.2.1"
PEER = "192.0.2.2"
PEER_MAC = "02:00:00:00:99:06"
# of VXLAN in a tunnel-zone; mn_feed knows it and both addresses
UDP_PORT = 6677
KEY_HERE = 101
KEY_PEER = 102
# bytes before the inner frame
ENCAP = 50


def _vxlan_flows(here, peer, key_here, key_peer, match):
    """OVS' flows between port 1, a guest, and port 2, a VXLAN device"""
    return (f"in_port(1),eth(),{match} set(tunnel(tun_id={key_peer:#x},dst={peer},ttl=64,"
            f"tp_dst={UDP_PORT},flags(df|key))),2\n"
            f"in_port(2),tunnel(tun_id={key_here:#x},src={peer},dst={here},ttl=64/0,flags(+key)),"
            f"eth(),{match} 1\n")


def _zone():
    """midoctl's words for two hosts"""
    return ["host add h1", "host add h2",
            f"tunnel-zone add tz encap vxlan udp-port {UDP_PORT}",
            f"tunnel-zone member add tz h1 address {HERE}",
            f"tunnel-zone member add tz h2 address {PEER}"]


def _bridge(dev_here, dev_peer):
    """midoctl's words for a bridge with a port on each host"""
    return _zone() + [
        "bridge add net0",
        f"port add net0:a host h1 dev {dev_here} tunnel-key {KEY_HERE}",
        f"port add net0:b host h2 dev {dev_peer} tunnel-key {KEY_PEER}"]


class Tunnel(Midonet):
    """A bridge with a port on each host; both MACs known."""

    name = "midonet vxlan"

    def up(self, devices):
        lab.sh("midoctl batch -", "\n".join(_bridge(devices[0], "eth0") + [
            f"mac add net0 {lab.SRC} port a", f"mac add net0 {lab.DST} port b"]) + "\n")
        lab.sh("midoctl host set-local h1")


class OvsTunnel(OvsL2):
    """One wildcard flow each way; the tunnel is the kernel's VXLAN device, as OVS makes it."""

    name = "ovs vxlan"

    def up(self, devices):
        lab.sh(f"ip link add vx0 type vxlan external dstport {UDP_PORT} && ip link set vx0 up")
        lab.sh(f"ovs-dpctl add-dp bench {devices[0]} vx0")
        lab.sh("ovs-dpctl add-flows bench -", _vxlan_flows(HERE, PEER, KEY_HERE, KEY_PEER,
                                                           "eth_type(0x0800),ipv4(frag=no)"))

    def down(self):
        super().down()
        lab.sh("ip link del vx0")


class Device(Contestant):
    """The kernel's VXLAN device in its bridge; MACs and the other host known."""

    name = "bridge+vxlan"

    def up(self, devices):
        lab.sh("ip -batch -", "\n".join((
            f"link add vx0 type vxlan id {KEY_HERE} local {HERE} dstport {UDP_PORT} nolearning",
            "link add br0 type bridge", f"link set {devices[0]} master br0",
            "link set vx0 master br0", "link set vx0 up", "link set br0 up")) + "\n")
        lab.sh("bridge -batch -", "\n".join((
            f"fdb add {lab.DST} dev vx0 master static",
            f"fdb add {lab.DST} dev vx0 self dst {PEER}",
            f"fdb add {lab.SRC} dev {devices[0]} master static")) + "\n")

    def down(self):
        lab.sh("ip link del br0 && ip link del vx0")


class TranslatedTunnel(Translated):
    """What P2 has, and the last port is on the other host."""

    name = "midonet vxlan"

    def up(self, devices):
        super().up(devices)
        lab.sh("midoctl batch -", "\n".join(_zone() + [
            f"port set net0:vm host h1 tunnel-key {KEY_HERE}",
            f"port set net1:vm host h2 tunnel-key {KEY_PEER}"]) + "\n")
        lab.sh("midoctl host set-local h1")


class OvsNatTunnel(OvsNat):
    name = "ovs ct+nat vxlan"

    def up(self, devices):
        conntrack_room()
        lab.sh(f"ip link add vx0 type vxlan external dstport {UDP_PORT} && ip link set vx0 up")
        lab.sh(f"ovs-dpctl add-dp bench {devices[0]} vx0")
        ip = "eth(),eth_type(0x0800),ipv4(frag=no)"
        lab.sh("ovs-dpctl add-flows bench -", "\n".join((
            f"recirc_id(0),in_port(1),{ip} ct(commit,zone=1),recirc(1)",
            f"recirc_id(1),in_port(1),ct_state(-inv+trk),{ip} "
            f"ct(commit,zone=2,nat(src={PUBLIC}:1024-65535)),recirc(2)",
            f"recirc_id(2),in_port(1),ct_state(-inv+trk),{ip} "
            f"set(eth(src={lab.SRC},dst={NEXT})),set(ipv4(ttl=31)),"
            f"set(tunnel(tun_id={KEY_PEER:#x},dst={PEER},ttl=64,tp_dst={UDP_PORT},"
            "flags(df|key))),2")) + "\n")

    def down(self):
        super().down()
        lab.sh("ip link del vx0")


def _underlay():
    lab.add_dummy("d0", "d1")
    lab.sh(f"ip addr add {HERE}/24 dev d1 && "
           f"ip neigh add {PEER} lladdr {PEER_MAC} dev d1 nud permanent")


def _net(bench, title, ins, out, classes, devices, **words):
    entries = [(c.name, c, lambda c: feed.measure(c, ins, out, **words))
               for c in present(Sink, *classes)]
    ns = _medians(bench, title, lab.rounds(entries, devices, bench.rounds))
    base = ns.pop(Sink.name)
    return {name: value - base for name, value in ns.items()}


def p2(bench):
    _underlay()
    lab.add_dummy("d2")
    ns = _net(bench, "net, one flow, four chains and snat, to another host", "d0", "d1",
              (TranslatedTunnel, OvsNatTunnel), ["d0", "d2"])
    bench.figure("P2", "tunnel-vs-ovs", ratio(ns, TranslatedTunnel.name, OvsNatTunnel.name), ns)


def p2t(bench):
    _underlay()
    classes = (Tunnel, OvsTunnel, Device)
    ns = _net(bench, "net, one flow, to another host", "d0", "d1", classes, ["d0", "d1"])
    bench.figure("P2t", "send-vs-ovs", ratio(ns, Tunnel.name, OvsTunnel.name), ns)
    bench.figure("P2t", "send-vs-bridge", ratio(ns, Tunnel.name, Device.name), ns)
    ns = _net(bench, "net, one flow, from another host", "d1", "d0", classes, ["d0", "d1"],
              mode="vxlan", vni=KEY_HERE, dst=lab.SRC, src=lab.DST, size=60 + ENCAP)
    bench.figure("P2t", "receive-vs-ovs", ratio(ns, Tunnel.name, OvsTunnel.name), ns)
    bench.figure("P2t", "receive-vs-bridge", ratio(ns, Tunnel.name, Device.name), ns)


# namespace of a host: its address, its key, the other's, its guest's device
HOSTS = {"h1": (HERE, PEER, KEY_HERE, KEY_PEER, "p1"),
         "h2": (PEER, HERE, KEY_PEER, KEY_HERE, "p2")}


class TwoHosts(Midonet):
    name = "midonet vxlan"

    def up(self, devices):
        lines = _bridge("p1", "p2")
        for guest in "ab":
            mac = lab.sh(f"ip netns exec {guest} cat /sys/class/net/eth0/address").strip()
            lines.append(f"mac add net0 {mac} port {guest}")
        for host in HOSTS:
            lab.sh(f"midoctl -n {host} batch -", "\n".join(lines) + "\n")
            lab.sh(f"midoctl -n {host} host set-local {host}")

    def down(self):
        for host in HOSTS:
            lab.sh(f"midoctl -n {host} flush")


class OvsTwoHosts(OvsTunnel):
    def up(self, devices):
        for host, (here, peer, key_here, key_peer, guest) in HOSTS.items():
            inside = f"ip netns exec {host}"
            lab.sh(f"{inside} ip link add vx0 mtu 1450 type vxlan external dstport {UDP_PORT}"
                   f" && {inside} ip link set vx0 up && "
                   f"{inside} ovs-dpctl add-dp bench {guest} vx0")
            lab.sh(f"{inside} ovs-dpctl add-flows bench -", "".join(
                _vxlan_flows(here, peer, key_here, key_peer, match)
                for match in ("eth_type(0x0800),ipv4(frag=no)", "eth_type(0x0806),arp()")))

    def down(self):
        for host in HOSTS:
            lab.sh(f"ip netns exec {host} ovs-dpctl del-dp bench; ip -n {host} link del vx0")


def p7(bench):
    lab.add_netns("a", "b", *HOSTS)
    lab.sh("ip link add eth0 netns h1 type veth peer name eth0 netns h2")
    for (host, words), guest, addr in zip(HOSTS.items(), "ab", ("10.9.0.1", "10.9.0.2")):
        lab.sh(f"ip link add {words[-1]} netns {host} type veth peer name eth0 netns {guest}")
        lab.sh(f"ip -n {host} -batch -", f"link set {words[-1]} up\nlink set eth0 up\n"
               f"addr add {words[0]}/24 dev eth0\n")
        lab.sh(f"ip -n {guest} -batch -",
               f"link set eth0 mtu 1450 up\naddr add {addr}/24 dev eth0\n")
    entries = [(c.name, c, tcp.stream) for c in present(OvsTwoHosts, TwoHosts)]
    times = lab.rounds(entries, [], bench.rounds)
    bench.show("TCP stream between hosts, ns per KiB", times)
    ns = {name: lab.median(values) for name, values in times.items()}
    bench.figure("P7", "tunnel-vs-ovs", ratio(ns, OvsTwoHosts.name, TwoHosts.name), ns)
