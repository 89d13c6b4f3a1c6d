# SPDX-License-Identifier: GPL-2.0
"""
P2t: what it costs to send to another host, and to receive from one, by VXLAN. A guest at d0,
the other host behind d1; harness 2.
"""

import feed
import lab
from cases.forward import _medians, ratio
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


class Tunnel(Midonet):
    """A bridge with a port on each host; both MACs known."""

    name = "midonet vxlan"

    def up(self, devices):
        lab.sh("midoctl batch -", "\n".join((
            "host add h1", "host add h2", "bridge add net0",
            f"port add net0:a host h1 dev {devices[0]} tunnel-key {KEY_HERE}",
            f"port add net0:b host h2 dev eth0 tunnel-key {KEY_PEER}",
            f"mac add net0 {lab.SRC} port a", f"mac add net0 {lab.DST} port b",
            f"tunnel-zone add tz encap vxlan udp-port {UDP_PORT}",
            f"tunnel-zone member add tz h1 address {HERE}",
            f"tunnel-zone member add tz h2 address {PEER}", "host set-local h1")) + "\n")


class OvsTunnel(OvsL2):
    """One wildcard flow each way; the tunnel is the kernel's VXLAN device, as OVS makes it."""

    name = "ovs vxlan"

    def up(self, devices):
        lab.sh(f"ip link add vx0 type vxlan external dstport {UDP_PORT} && ip link set vx0 up")
        lab.sh(f"ovs-dpctl add-dp bench {devices[0]} vx0")
        lab.sh("ovs-dpctl add-flows bench -", "\n".join((
            "in_port(1),eth(),eth_type(0x0800),ipv4(frag=no) "
            f"set(tunnel(tun_id={KEY_PEER:#x},dst={PEER},ttl=64,tp_dst={UDP_PORT},"
            "flags(df|key))),2",
            f"in_port(2),tunnel(tun_id={KEY_HERE:#x},src={PEER},dst={HERE},flags(+key)),"
            "eth(),eth_type(0x0800),ipv4(frag=no) 1")) + "\n")

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


def _net(bench, title, ins, out, **words):
    entries = [(c.name, c, lambda c: feed.measure(c, ins, out, **words))
               for c in present(Sink, Tunnel, OvsTunnel, Device)]
    ns = _medians(bench, title, lab.rounds(entries, ["d0", "d1"], bench.rounds))
    base = ns.pop(Sink.name)
    return {name: value - base for name, value in ns.items()}


def p2t(bench):
    lab.add_dummy("d0", "d1")
    lab.sh(f"ip addr add {HERE}/24 dev d1 && "
           f"ip neigh add {PEER} lladdr {PEER_MAC} dev d1 nud permanent")
    ns = _net(bench, "net, one flow, to another host", "d0", "d1")
    bench.figure("P2t", "send-vs-ovs", ratio(ns, Tunnel.name, OvsTunnel.name), ns)
    bench.figure("P2t", "send-vs-bridge", ratio(ns, Tunnel.name, Device.name), ns)
    ns = _net(bench, "net, one flow, from another host", "d1", "d0", mode="vxlan",
              vni=KEY_HERE, dst=lab.SRC, src=lab.DST, size=60 + ENCAP)
    bench.figure("P2t", "receive-vs-ovs", ratio(ns, Tunnel.name, OvsTunnel.name), ns)
    bench.figure("P2t", "receive-vs-bridge", ratio(ns, Tunnel.name, Device.name), ns)
