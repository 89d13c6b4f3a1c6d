#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Generate C from specs/midonet.yaml, in the dialect of the oldest supported kernel.

  include/uapi/linux/midonet.h     numbers, with the documentation of the spec
  kmod/config/nl_policy_gen.[ch]   policies and the attributes each command takes
  userspace/lib/names_gen.[ch]     names of the numbers
  Documentation/netlink/midonet.md reference of commands and attributes
  Documentation/drop-reasons.md    why packets are dropped

usage: generate.py [--check]    --check: write nothing, exit 1 if a file is stale
"""
import os
import sys
import textwrap

import yaml

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
SPEC = os.path.join(HERE, "specs", "midonet.yaml")
MARK = "/* Generated from Documentation/netlink/specs/midonet.yaml by generate.py, do not edit. */"
SHORT = {"object": "MIDONET_A"}
KTYPE = {"u8": "NLA_U8", "u16": "NLA_U16", "u32": "NLA_U32", "u64": "NLA_U64", "flag": "NLA_FLAG"}


def up(*words):
    return "_".join(words).replace("-", "_").upper()


def low(*words):
    return "_".join(words).replace("-", "_")


def attr_name(aset, name):
    return up(SHORT.get(aset, "MIDONET_" + aset), name)


def comment(doc, indent="\t"):
    text = " ".join(doc.split())
    if len(text) < 66:
        return [f"{indent}/* {text} */"]
    lines = textwrap.wrap(text, 70)
    return [f"{indent}/*"] + [f"{indent} * {l}" for l in lines] + [f"{indent} */"]


def kdoc(title, what, members):
    out = ["/**", f" * enum {title} - {' '.join(what.split())}"]
    for name, doc in members:
        text = " ".join(doc.split()) or "see the description of the specification"
        body = textwrap.wrap(f"@{name}: {text}", 72, subsequent_indent="\t")
        out += [" * " + body[0]] + [" *" + l for l in body[1:]]
    return out + [" */"]


def entries(d):
    for e in d["entries"]:
        yield (e, "") if isinstance(e, str) else (e["name"], e.get("doc", ""))


def uapi(spec):
    out = ["/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */", MARK,
           "#ifndef _UAPI_LINUX_MIDONET_H", "#define _UAPI_LINUX_MIDONET_H", "",
           "/*"] + [" * " + l for l in textwrap.wrap(" ".join(spec["doc"].split()), 72)] + [" */", "",
           '#define MIDONET_FAMILY_NAME\t"midonet"', "#define MIDONET_FAMILY_VERSION\t1", ""]
    for d in spec["definitions"]:
        if d["type"] == "const":
            out += comment(d["doc"], "") + [f"#define {up('MIDONET', d['name'])}\t{d['value']}", ""]
            continue
        names = [(up("MIDONET", d["name"], n), doc or n) for n, doc in entries(d)]
        out += kdoc(low("midonet", d["name"]), d["doc"], names)
        out += [f"enum {low('midonet', d['name'])} {{"] + [f"\t{n}," for n, _ in names]
        last = up("__MIDONET", d["name"], "COUNT")
        out += ["", f"\t/* private: */", f"\t{last}", "};", ""]
    for s in spec["attribute-sets"]:
        names = [(attr_name(s["name"], a["name"]), f"({a['type']}{', repeated' if a.get('multi-attr') else ''}) {a.get('doc', a['name'])}")
                 for a in s["attributes"]]
        out += kdoc(low("midonet", s["name"], "attr"), s.get("doc", f"attributes of {s['name']}"), names)
        out += [f"enum {low('midonet', s['name'], 'attr')} {{"]
        out += [f"\t{n}{' = 1' if i == 0 else ''}," for i, (n, _) in enumerate(names)]
        cnt = "__" + attr_name(s["name"], "COUNT")
        out += ["", "\t/* private: */", f"\t{cnt},", f"\t{attr_name(s['name'], 'MAX')} = {cnt} - 1", "};", ""]
    ops = spec["operations"]["list"]
    names = [(up("MIDONET_CMD", o["name"]), o["doc"]) for o in ops]
    out += kdoc("midonet_cmd", "commands and events", names) + ["enum midonet_cmd {"]
    out += [f"\t{n}{' = 1' if i == 0 else ''}," for i, (n, _) in enumerate(names)]
    out += ["", "\t/* private: */", "\t__MIDONET_CMD_COUNT,", "\tMIDONET_CMD_MAX = __MIDONET_CMD_COUNT - 1", "};", ""]
    for i, g in enumerate(spec["mcast-groups"]["list"]):
        out += [f'#define {up("MIDONET_MCGRP", g["name"])}\t"{g["name"]}"']
    return out + ["", "#endif /* _UAPI_LINUX_MIDONET_H */"]


def policy_entry(spec, a, ranges, aset):
    c, t = a.get("checks", {}), a["type"]
    enums = {d["name"]: len(d["entries"]) for d in spec["definitions"] if d["type"] == "enum"}
    if t == "nest":
        return f"NLA_POLICY_NESTED({low('mn', a['nested-attributes'], 'policy')})"
    if t == "string":
        return f"{{ .type = NLA_NUL_STRING, .len = {c.get('max-len', 255)} }}"
    if t == "binary":
        if "exact-len" in c:
            return f"NLA_POLICY_EXACT_LEN({c['exact-len']})"
        if "max-len" in c:
            return f"NLA_POLICY_RANGE(NLA_BINARY, {c['min-len']}, {c['max-len']})"
        return f"NLA_POLICY_MIN_LEN({c['min-len']})"
    lo, hi = c.get("min"), c.get("max")
    if "enum" in a and hi is None:
        hi = enums[a["enum"]] - 1
    if lo is None and hi is None:
        return f"{{ .type = {KTYPE[t]} }}"
    if (hi or 0) > 32767:
        name = low("mn", aset, a["name"], "range")
        ranges.append((name, lo or 0, hi))
        return f"NLA_POLICY_FULL_RANGE({KTYPE[t]}, &{name})"
    if hi is None:
        return f"NLA_POLICY_MIN({KTYPE[t]}, {lo})"
    if lo is None:
        return f"NLA_POLICY_MAX({KTYPE[t]}, {hi})"
    return f"NLA_POLICY_RANGE({KTYPE[t]}, {lo}, {hi})"


def ordered_sets(spec):
    """Nested sets first, so that each policy is defined before its use."""
    sets, done, out = {s["name"]: s for s in spec["attribute-sets"]}, set(), []

    def visit(s):
        if s["name"] in done:
            return
        done.add(s["name"])
        for a in s["attributes"]:
            if a["type"] == "nest":
                visit(sets[a["nested-attributes"]])
        out.append(s)

    for s in spec["attribute-sets"]:
        visit(s)
    return out


def words(s, names):
    """The attributes as bits of the words of a struct mn_attr_bits."""
    order = [a["name"] for a in s["attributes"]]
    out = []
    for w in range(2):
        bits = [attr_name(s["name"], n) for n in names if (order.index(n) + 1) // 64 == w]
        out += [" |\n\t\t\t".join(f"BIT_ULL({b}{' - 64' if w else ''})" for b in bits)]
    return "{ " + (out[0] or "0") + (",\n\t\t\t" + out[1] if out[1] else "") + " }"


def policy_c(spec):
    out = ["// SPDX-License-Identifier: GPL-2.0", MARK, "#include <linux/bits.h>", "#include <net/netlink.h>", "",
           '#include "config/nl_policy_gen.h"', ""]
    for s in ordered_sets(spec):
        ranges = []
        body = [f"\t[{attr_name(s['name'], a['name'])}] = {policy_entry(spec, a, ranges, s['name'])}," for a in s["attributes"]]
        for name, lo, hi in ranges:
            out += [f"static struct netlink_range_validation {name} = {{", f"\t.min = {lo},", f"\t.max = {hi},", "};", ""]
        mx = attr_name(s["name"], "MAX")
        out += [f"const struct nla_policy {low('mn', s['name'], 'policy')}[{mx} + 1] = {{"] + body + ["};", ""]
    out += ["const struct mn_cmd_info mn_cmd_info[MIDONET_CMD_MAX + 1] = {"]
    types = {n for n, _ in entries(next(d for d in spec["definitions"] if d["name"] == "object-type"))}
    sets = {s["name"]: s for s in spec["attribute-sets"]}
    for o in spec["operations"]["list"]:
        if "event" in o:
            continue
        aset = o["attribute-set"]
        out += [f"\t[{up('MIDONET_CMD', o['name'])}] = {{",
                f"\t\t.policy = {low('mn', aset, 'policy')},", f"\t\t.maxattr = {attr_name(aset, 'MAX')},"]
        for kind in ("do", "dump"):
            names = o.get(kind, {}).get("request", {}).get("attributes", [])
            out += [f"\t\t.{kind}_attrs.w = {words(sets[aset], names)},"]
        t, _, verb = o["name"].rpartition("-")
        if t in types and aset == "object" and verb in ("new", "set", "del", "get"):
            out += [f"\t\t.type = {up('MIDONET_OBJECT_TYPE', t)},", f"\t\t.verb = MN_VERB_{verb.upper()},"]
        out += ["\t},"]
    return out + ["};"]


def policy_h(spec):
    out = ["/* SPDX-License-Identifier: GPL-2.0 */", MARK, "#ifndef _MN_NL_POLICY_GEN_H", "#define _MN_NL_POLICY_GEN_H", "",
           "#include <linux/types.h>", "#include <net/netlink.h>", "#include <uapi/linux/midonet.h>", "",
           "/**", " * enum mn_verb - what a command does to an object",
           " * @MN_VERB_NONE: not a command of an object", " * @MN_VERB_NEW: create", " * @MN_VERB_SET: change",
           " * @MN_VERB_DEL: remove", " * @MN_VERB_GET: show or list", " */",
           "enum mn_verb { MN_VERB_NONE, MN_VERB_NEW, MN_VERB_SET, MN_VERB_DEL, MN_VERB_GET };", "",
           "/**", " * struct mn_attr_bits - a set of attributes", " * @w: bit N % 64 of word N / 64: attribute N is in it", " */",
           "struct mn_attr_bits {", "\tu64 w[2];", "};", "",
           "/**", " * struct mn_cmd_info - what the specification says of a command",
           " * @policy: policy of its attribute set", " * @do_attrs: attributes that may be in a request",
           " * @dump_attrs: the same for a dump", " * @maxattr: highest attribute",
           " * @type: &enum midonet_object_type, 0 for commands not about an object",
           " * @verb: &enum mn_verb", " */",
           "struct mn_cmd_info {", "\tconst struct nla_policy *policy;", "\tstruct mn_attr_bits do_attrs;", "\tstruct mn_attr_bits dump_attrs;",
           "\tu8 maxattr;", "\tu8 type;", "\tu8 verb;", "};", ""]
    for s in spec["attribute-sets"]:
        out += [f"extern const struct nla_policy {low('mn', s['name'], 'policy')}[{attr_name(s['name'], 'MAX')} + 1];"]
    return out + ["extern const struct mn_cmd_info mn_cmd_info[MIDONET_CMD_MAX + 1];", "", "#endif /* _MN_NL_POLICY_GEN_H */"]


def names_tables(spec):
    for d in spec["definitions"]:
        if d["type"] == "enum":
            yield low("mn", d["name"], "names"), [(up("MIDONET", d["name"], n), n) for n, _ in entries(d)]
    for s in spec["attribute-sets"]:
        yield low("mn", s["name"], "attr", "names"), [(attr_name(s["name"], a["name"]), a["name"]) for a in s["attributes"]]


def names_c(spec):
    out = ["// SPDX-License-Identifier: GPL-2.0", MARK, '#include "names_gen.h"', ""]
    for name, rows in names_tables(spec):
        out += [f"const char *const {name}[] = {{"] + [f'\t[{k}] = "{v}",' for k, v in rows] + ["};", ""]
    return out[:-1]


def names_h(spec):
    out = ["/* SPDX-License-Identifier: GPL-2.0 */", MARK, "#ifndef _MN_NAMES_GEN_H", "#define _MN_NAMES_GEN_H", "",
           "#include <linux/midonet.h>", ""]
    for name, rows in names_tables(spec):
        out += [f"extern const char *const {name}[{rows[-1][0]} + 1];"]
    return out + ["", "#endif /* _MN_NAMES_GEN_H */"]


MDMARK = "<!-- Generated from Documentation/netlink/specs/midonet.yaml by generate.py, do not edit. -->"


def one_line(text):
    return " ".join((text or "").split()).replace("|", "\\|")


def reference_md(spec):
    out = [MDMARK, "", "# The netlink family `midonet`", "", one_line(spec["doc"]), ""]
    out += ["## Commands and events", "", "| command | does | request | reply |", "|---|---|---|---|"]
    for o in spec["operations"]["list"]:
        req = o.get("do", {}).get("request", {}).get("attributes", [])
        if "dump" in o and not req:
            req = o["dump"].get("request", {}).get("attributes", [])
        rep = (o.get("dump") or o.get("do") or {}).get("reply", {}).get("attributes", []) or o.get("event", {}).get("attributes", [])
        kind = f" (multicast to `{o['mcgrp']}`)" if "mcgrp" in o else ""
        out += [f"| `{o['name']}` | {one_line(o['doc'])}{kind} | {' '.join(req)} | {' '.join(rep)} |"]
    for s in spec["attribute-sets"]:
        out += ["", f"## Attributes: {s['name']}", "", one_line(s.get("doc", "")), "", "| number | attribute | type | meaning |", "|---|---|---|---|"]
        for i, a in enumerate(s["attributes"], 1):
            t = a["type"] + (f" of {a['nested-attributes']}" if a["type"] == "nest" else "") + (", repeated" if a.get("multi-attr") else "")
            t += f", see {a['enum']}" if "enum" in a else ""
            out += [f"| {i} | `{a['name']}` | {t} | {one_line(a.get('doc'))} |"]
    for d in spec["definitions"]:
        if d["type"] == "enum" and d["name"] != "drop-reason":
            out += ["", f"## Values: {d['name']}", "", one_line(d["doc"]), "", "| number | word | meaning |", "|---|---|---|"]
            out += [f"| {i} | `{n}` | {one_line(doc)} |" for i, (n, doc) in enumerate(entries(d))]
    return out


def drops_md(spec):
    d = next(d for d in spec["definitions"] if d["name"] == "drop-reason")
    out = [MDMARK, "", "# Why packets are dropped", "",
           "Every drop has a reason and a place (device, port, rule). `midoctl drops` lists them,",
           "`midoctl drops -f` shows them as they happen, `midoctl trace` shows where one packet would end.", "",
           "| number | reason | meaning |", "|---|---|---|"]
    return out + [f"| {i} | `{n}` | {one_line(doc)} |" for i, (n, doc) in enumerate(entries(d)) if i]


def main():
    with open(SPEC, encoding="utf-8") as f:
        spec = yaml.safe_load(f)
    files = {"include/uapi/linux/midonet.h": uapi, "kmod/config/nl_policy_gen.c": policy_c, "kmod/config/nl_policy_gen.h": policy_h,
             "userspace/lib/names_gen.c": names_c, "userspace/lib/names_gen.h": names_h,
             "Documentation/netlink/midonet.md": reference_md, "Documentation/drop-reasons.md": drops_md}
    stale = []
    for path, fn in files.items():
        text, full = "\n".join(fn(spec)) + "\n", os.path.join(TOP, path)
        old = open(full, encoding="utf-8").read() if os.path.exists(full) else None
        if old == text:
            continue
        stale.append(path)
        if "--check" not in sys.argv:
            os.makedirs(os.path.dirname(full), exist_ok=True)
            with open(full, "w", encoding="utf-8") as f:
                f.write(text)
    for path in stale:
        print(("stale: " if "--check" in sys.argv else "wrote ") + path)
    return 1 if stale and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
