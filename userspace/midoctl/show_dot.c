// SPDX-License-Identifier: GPL-2.0
/*
 * show --dot, show --svg: the topology as a picture. What is drawn is the document, so a
 * store is drawn like a kernel, only without states.
 *
 * Devices are boxes, links between them lines; what is plugged in is a box of the host it
 * is on. Names in the file are quoted, whatever they are made of.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "show.h"

static const char *text_of(json_t *obj, const char *key)
{
	return json_string_value(json_object_get(obj, key));
}

/* Text within a label; lines are separated by the caller. */
static void put_text(struct mn_buf *out, const char *text)
{
	const char *p;

	for (p = text; p && *p; p++)
		mn_buf_printf(out, *p == '"' || *p == '\\' ? "\\%c" : "%c",
			      (unsigned char)*p < ' ' ? ' ' : *p);
}

/* A string of the language, behind a prefix that tells one kind of node from another. */
static void put_id(struct mn_buf *out, const char *kind, const char *name,
		   const char *more)
{
	mn_buf_printf(out, "\"%s ", kind);
	put_text(out, name);
	if (more) {
		mn_buf_puts(out, ":");
		put_text(out, more);
	}
	mn_buf_puts(out, "\"");
}

static void put_list(struct mn_buf *out, json_t *list)
{
	json_t *item;
	size_t i;

	json_array_foreach(list, i, item) {
		if (!json_is_string(item))
			continue;
		mn_buf_puts(out, "\\n");
		put_text(out, json_string_value(item));
	}
}

/* What is up or says nothing is black. */
static const char *state_style(json_t *obj)
{
	const char *state = text_of(obj, "state");

	if (json_is_false(json_object_get(obj, "admin-up")))
		return " color=\"gray\" fontcolor=\"gray\" style=\"dashed\"";
	if (!state || !strcmp(state, "up"))
		return "";
	if (!strcmp(state, "remote"))
		return " color=\"gray\"";
	if (!strcmp(state, "unplugged"))
		return " color=\"gray\" style=\"dashed\"";
	return " color=\"red\" fontcolor=\"red\"";
}

static void put_device(struct mn_buf *out, json_t *dev, const char *shape,
		       const char *fill)
{
	const char *name = text_of(dev, "name");

	mn_buf_puts(out, "\t");
	put_id(out, "device", name, NULL);
	mn_buf_puts(out, " [label=\"");
	put_text(out, name);
	mn_buf_printf(out, "\" shape=%s style=\"filled\" fillcolor=\"%s\"%s];\n",
		      shape, fill, state_style(dev));
}

/* DEVICE:PORT is plugged into an interface. */
static void put_plug(struct mn_buf *out, const char *device, json_t *port)
{
	const char *name = text_of(port, "name");

	mn_buf_puts(out, "\t");
	put_id(out, "port", device, name);
	mn_buf_puts(out, " -- ");
	put_id(out, "device", device, NULL);
	mn_buf_puts(out, " [label=\"");
	put_text(out, name);
	put_list(out, json_object_get(port, "addresses"));
	mn_buf_printf(out, "\"%s];\n", state_style(port));
}

static void put_interface(struct mn_buf *out, const char *device, json_t *port)
{
	mn_buf_puts(out, "\t\t");
	put_id(out, "port", device, text_of(port, "name"));
	mn_buf_puts(out, " [label=\"");
	put_text(out, text_of(port, "dev"));
	mn_buf_printf(out, "\" shape=box%s];\n", state_style(port));
}

/**
 * struct picture - what is drawn
 * @out: where to
 * @doc: of what
 * @name: of what is called so only, and what is linked to it; NULL: of all
 * @arg: host whose interfaces are drawn
 * @hosts: those that have interfaces
 * @named: devices that were only named, by the other end of a link
 */
struct picture {
	struct mn_buf *out;
	json_t *doc;
	const char *name;
	const char *arg;
	json_t *hosts;
	json_t *named;
};

static bool is_shown(const struct picture *p, const char *device)
{
	return !p->name || !strcmp(p->name, device);
}

/* What is not shown itself, but has a link to what is. */
static void name_device(struct picture *p, const char *device)
{
	if (is_shown(p, device) || json_object_get(p->named, device))
		return;
	json_object_set_new(p->named, device, json_true());
	mn_buf_puts(p->out, "\t");
	put_id(p->out, "device", device, NULL);
	mn_buf_puts(p->out, " [label=\"");
	put_text(p->out, device);
	mn_buf_puts(p->out, "\" shape=plaintext];\n");
}

static void draw_link(struct picture *p, const char *device, json_t *port,
		      const char *other, const char *other_port)
{
	json_t *vlan = json_object_get(port, "vlan");
	struct mn_buf *out = p->out;

	name_device(p, device);
	name_device(p, other);
	mn_buf_puts(out, "\t");
	put_id(out, "device", device, NULL);
	mn_buf_puts(out, " -- ");
	put_id(out, "device", other, NULL);
	mn_buf_puts(out, " [taillabel=\"");
	put_text(out, text_of(port, "name"));
	put_list(out, json_object_get(port, "addresses"));
	mn_buf_puts(out, "\" headlabel=\"");
	put_text(out, other_port);
	mn_buf_puts(out, "\"");
	if (json_is_integer(vlan))
		mn_buf_printf(out, " label=\"vlan %lld\"",
			      (long long)json_integer_value(vlan));
	mn_buf_printf(out, " penwidth=2%s];\n", state_style(port));
}

/* A document says one end of a link. */
static void put_link(struct picture *p, const char *device, json_t *port)
{
	const char *peer = text_of(port, "peer"), *colon = strchr(peer, ':');
	struct mn_buf other = {};

	if (!colon)
		return;
	mn_buf_add(&other, peer, colon - peer);
	if (is_shown(p, device) || is_shown(p, other.s))
		draw_link(p, device, port, other.s, colon + 1);
	mn_buf_free(&other);
}

typedef void (*port_fn)(struct picture *p, const char *device, json_t *port);

static const char *const device_keys[] = { "bridges", "routers" };

static void each_port(struct picture *p, port_fn fn)
{
	json_t *device, *port;
	size_t k, i, j;

	for (k = 0; k < MN_ARRAY_SIZE(device_keys); k++) {
		json_array_foreach(json_object_get(p->doc, device_keys[k]), i,
				   device) {
			json_array_foreach(json_object_get(device, "ports"), j,
					   port)
				fn(p, text_of(device, "name"), port);
		}
	}
}

/* Ports without a host are of the one where the device is looked for. */
static void note_host(struct picture *p, const char *device, json_t *port)
{
	const char *host = text_of(port, "host");

	if (text_of(port, "dev") && is_shown(p, device))
		json_object_set_new(p->hosts, host ?: "", json_true());
}

static void port_of_host(struct picture *p, const char *device, json_t *port)
{
	const char *host = text_of(port, "host");

	if (text_of(port, "dev") && is_shown(p, device) &&
	    !strcmp(host ?: "", p->arg))
		put_interface(p->out, device, port);
}

static void edge(struct picture *p, const char *device, json_t *port)
{
	if (text_of(port, "dev") && is_shown(p, device))
		put_plug(p->out, device, port);
	if (text_of(port, "peer"))
		put_link(p, device, port);
}

/* The address a host is reached at by the others. */
static void put_underlay(struct mn_buf *out, json_t *doc, const char *host)
{
	json_t *zone, *member;
	const char *is;
	size_t i, j;

	json_array_foreach(json_object_get(doc, "tunnel-zones"), i, zone) {
		json_array_foreach(json_object_get(zone, "members"), j, member) {
			is = text_of(member, "host");
			if (!is || strcmp(is, host))
				continue;
			mn_buf_puts(out, "\\n");
			put_text(out, text_of(zone, "name"));
			mn_buf_puts(out, " ");
			put_text(out, text_of(member, "address"));
		}
	}
}

static void put_hosts(struct picture *p)
{
	struct mn_buf *out = p->out;
	json_t *value;

	each_port(p, note_host);
	json_object_foreach(p->hosts, p->arg, value) {
		mn_buf_puts(out, "\tsubgraph ");
		put_id(out, "cluster", p->arg, NULL);
		mn_buf_puts(out, " {\n\t\tlabel=\"");
		put_text(out, *p->arg ? p->arg : "this host");
		put_underlay(out, p->doc, p->arg);
		mn_buf_puts(out, "\";\n\t\tstyle=\"rounded\"; color=\"gray\";\n");
		each_port(p, port_of_host);
		mn_buf_puts(out, "\t}\n");
	}
}

static void put_balancer(struct picture *p, json_t *lb)
{
	const char *router = text_of(lb, "router"), *name = text_of(lb, "name");
	struct mn_buf *out = p->out;
	json_t *vip, *port;
	size_t i;

	if (!is_shown(p, name) && !(router && is_shown(p, router)))
		return;
	mn_buf_puts(out, "\t");
	put_id(out, "load-balancer", name, NULL);
	mn_buf_puts(out, " [label=\"");
	put_text(out, name);
	json_array_foreach(json_object_get(lb, "vips"), i, vip) {
		mn_buf_puts(out, "\\n");
		put_text(out, text_of(vip, "address"));
		port = json_object_get(vip, "port");
		mn_buf_printf(out, " %s %lld", text_of(vip, "proto") ?: "",
			      (long long)json_integer_value(port));
	}
	mn_buf_printf(out, "\" shape=component%s];\n", state_style(lb));
	if (!router)
		return;
	name_device(p, router);
	mn_buf_puts(out, "\t");
	put_id(out, "load-balancer", name, NULL);
	mn_buf_puts(out, " -- ");
	put_id(out, "device", router, NULL);
	mn_buf_puts(out, " [style=dotted];\n");
}

/**
 * show_dot() - draw a topology
 * @doc: document, with or without states
 * @name: what is called so only, with what it is linked to; NULL: all
 * @out: gets it in the language of Graphviz
 */
void show_dot(json_t *doc, const char *name, struct mn_buf *out)
{
	static const char *const shapes[] = { "box", "ellipse" };
	static const char *const fills[] = { "lightblue", "lightyellow" };
	struct picture p = {
		.out = out, .doc = doc, .name = name,
		.hosts = json_object(), .named = json_object(),
	};
	json_t *obj;
	size_t k, i;

	mn_buf_puts(out, "graph midonet {\n\trankdir=LR;\n"
			 "\tnode [fontname=\"sans-serif\" fontsize=11];\n"
			 "\tedge [fontname=\"sans-serif\" fontsize=9];\n"
			 "\tgraph [fontname=\"sans-serif\" fontsize=11];\n");
	put_hosts(&p);
	for (k = 0; k < MN_ARRAY_SIZE(device_keys); k++) {
		json_array_foreach(json_object_get(doc, device_keys[k]), i,
				   obj) {
			if (is_shown(&p, text_of(obj, "name")))
				put_device(out, obj, shapes[k], fills[k]);
		}
	}
	each_port(&p, edge);
	json_array_foreach(json_object_get(doc, "load-balancers"), i, obj)
		put_balancer(&p, obj);
	mn_buf_puts(out, "}\n");
	json_decref(p.hosts);
	json_decref(p.named);
}

/**
 * show_svg() - print a drawing as SVG, by Graphviz
 * @dot: drawing
 * @err: for errors
 *
 * Return: 0 or a negative error
 */
int show_svg(const struct mn_buf *dot, struct mn_err *err)
{
	FILE *in = tmpfile();
	int status = -1;
	pid_t pid;

	if (!in || fwrite(dot->s, 1, dot->len, in) != dot->len || fflush(in))
		return mn_fail(err, -errno, "cannot write: %s", strerror(errno));
	rewind(in);
	fflush(stdout);
	pid = fork();
	if (!pid) {
		if (dup2(fileno(in), STDIN_FILENO) >= 0)
			execlp("dot", "dot", "-Tsvg", NULL);
		_exit(127);
	}
	if (pid > 0) {
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
	}
	fclose(in);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		return mn_fail(err, -ENOENT,
			       "--svg needs Graphviz: apt install graphviz; or show --dot, and draw it elsewhere");
	if (status)
		return mn_fail(err, -EIO, "dot could not draw it");
	return 0;
}
