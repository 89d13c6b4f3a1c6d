# SPDX-License-Identifier: GPL-2.0
"""The results: a table, bench.json, bench.svg."""

import json
import os

import bars

WIDTH, ROW, LEFT, RIGHT, TOP = 960, 34, 470, 110, 56
COLOURS = {True: "#2e7d32", False: "#c62828", None: "#90a4ae"}
FONT = 'font-family="sans-serif" font-size="13"'


def _figure(value):
    if value is None:
        return "-"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.2f}"


def _bar(record):
    comparison, bar, _ = bars.BARS[record["id"], record["what"]]
    return f"{comparison} {bar:g}"


def _verdict(record):
    if record["figure"] is None:
        return "not measured"
    return {True: "holds", False: "does not hold", None: ""}[record["holds"]]


def table(records):
    print()
    for r in records:
        bar = _bar(r) if r["bar"] is not None else ""
        print(f"{r['id']:<4} {r['what']:<14} {_figure(r['figure']):>8} {bar:>9}  "
              f"{_verdict(r):<13} {bars.text(r['id'], r['what'])}")
        if r["ns"]:
            print("     ns: " + ", ".join(f"{k} {v:.1f}" for k, v in r["ns"].items()))


def write(records, folder):
    judged = [r for r in records if r["bar"] is not None and r["figure"] is not None]
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "bench.json"), "w", encoding="ascii") as f:
        json.dump(judged, f, indent=1)
        f.write("\n")
    with open(os.path.join(folder, "bench.svg"), "w", encoding="ascii") as f:
        f.write(_svg(judged))


def _escape(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _reach(record):
    """How far the figure is, the bar being 1; above 1 is better whatever the comparison."""
    if bars.BARS[record["id"], record["what"]][0] == ">=":
        return record["figure"] / record["bar"]
    return record["bar"] / max(record["figure"], 1e-9)


def _row(record, y):
    room = WIDTH - LEFT - RIGHT
    # the bar is in the middle; twice the bar and more fills the row
    width = min(_reach(record), 2) * room / 2
    colour = COLOURS[record["holds"]]
    label = _escape(f"{record['id']} {bars.text(record['id'], record['what'])}")
    figure = _escape(f"{_figure(record['figure'])} ({_bar(record)})")
    return (f'<text x="{LEFT - 8}" y="{y + 17}" text-anchor="end" {FONT}>{label}</text>'
            f'<rect x="{LEFT}" y="{y}" width="{max(width, 2):.0f}" height="{ROW - 10}"'
            f' fill="{colour}"/>'
            f'<text x="{LEFT + width + 6:.0f}" y="{y + 17}" {FONT}>{figure}</text>\n')


def _svg(records):
    height = TOP + ROW * len(records) + 20
    line = LEFT + (WIDTH - LEFT - RIGHT) / 2
    head = (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH + 40}" height="{height}">\n'
            f'<rect width="100%" height="100%" fill="white"/>\n'
            f'<text x="8" y="20" {FONT} font-weight="bold">Bars and figures</text>\n'
            f'<text x="8" y="38" {FONT}>longer is better; the line is the bar; '
            f'red: does not hold</text>\n')
    rows = "".join(_row(r, TOP + ROW * n) for n, r in enumerate(records))
    return (head + rows + f'<line x1="{line:.0f}" x2="{line:.0f}" y1="{TOP - 6}"'
            f' y2="{height - 14}" stroke="black" stroke-dasharray="4 3"/>\n</svg>\n')
