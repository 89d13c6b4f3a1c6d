# SPDX-License-Identifier: GPL-2.0
"""
The cases: id, kernel, memory, function. A function takes a Bench and reports figures with
bench.figure(). A new case is a line here and its bars in bars.py.
"""

from cases import (commit, echo, forward, hostile, hosts, knobs, memory, nat, policy, route, routes,
                   scaling, tcp, tunnel, upcall)

CASES = [
    ("P1", "uml", "1G", forward.p1),
    ("P3", "uml", "1G", forward.p3),
    ("P4a", "uml", "1G", forward.p4a),
    ("P1R", "uml", "1G", route.p1r),
    ("P4aR", "uml", "1G", route.p4ar),
    ("P5R", "uml", "1G", route.p5r),
    ("P2", "uml", "2G", nat.p2),
    ("P2", "uml", "2G", tunnel.p2),
    ("P2t", "uml", "1G", tunnel.p2t),
    ("P3", "uml", "2G", nat.p3n),
    ("P4b", "uml", "2G", nat.p4b),
    ("P5b", "uml", "2G", nat.p5b),
    ("P5K", "uml", "1G", knobs.p5k),
    ("P6", "uml", "1G", policy.p6),
    ("P7", "uml", "1G", tcp.p7),
    ("P7", "uml", "1G", tunnel.p7),
    ("P8", "uml", "2G", memory.p8),
    ("P8R", "uml", "2G", routes.p8r),
    ("P9", "uml", "2G", commit.p9),
    ("P10", "uml", "1G", hostile.p10),
    ("P10S", "uml", "1G", hostile.p10s),
    ("P10C", "uml", "2G", hostile.p10c),
    ("P13", "uml", "2G", hosts.p13),
    ("P9", "smp", "2G", commit.p9_gap),
    ("P11", "smp", "2G", scaling.p11),
    ("P4c", "distro", "2G", upcall.p4c),
    ("P5a", "distro", "2G", echo.p5a),
]
