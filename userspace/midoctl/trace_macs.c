// SPDX-License-Identifier: GPL-2.0
/* MAC addresses of a traced packet that was given none. */
#include <stdio.h>
#include <string.h>

#include "frame.h"
#include "midoctl.h"

#define ETHERTYPE_ARP	0x0806
#define VLAN_NONE	4096

/* The MAC of a group address. */
static bool group_mac(const uint8_t *addr, size_t len, uint8_t *mac)
{
	static const uint8_t all[4] = { 255, 255, 255, 255 };

	if (len == 4 && !memcmp(addr, all, 4)) {
		memset(mac, 0xff, 6);
		return true;
	}
	if (len == 4 && addr[0] >> 4 == 14) {
		memcpy(mac, "\x01\x00\x5e", 3);
		mac[3] = addr[1] & 0x7f;
		memcpy(mac + 4, addr + 2, 2);
		return true;
	}
	if (len == 16 && addr[0] == 0xff) {
		memcpy(mac, "\x33\x33", 2);
		memcpy(mac + 2, addr + 12, 4);
		return true;
	}
	return false;
}

static bool neighbour_mac(struct ctl *ctl, struct mn_obj *device,
			  const uint8_t *addr, size_t len, uint8_t *mac)
{
	const struct mn_vals *v;
	struct mn_buf text = {};
	struct mn_obj *n;

	if (mn_model_want_in(ctl->model, MIDONET_OBJECT_TYPE_NEIGHBOUR, device,
			     &ctl->err))
		return false;
	mn_addr_print(addr, len, &text);
	n = mn_model_find(ctl->model, MIDONET_OBJECT_TYPE_NEIGHBOUR, device,
			  text.s);
	mn_buf_free(&text);
	v = n ? *mn_obj_val(n, MIDONET_A_MAC) : NULL;
	if (v)
		memcpy(mac, v->data + 1, 6);
	return v;
}

static unsigned int frame_vlan(const struct mn_frame *f)
{
	size_t len;
	const uint8_t *v = mn_frame_field(f, MIDONET_MATCH_VLAN, &len);

	return v ? mn_value_num(v, len) : VLAN_NONE;
}

/* The router port that a bridge port leads to, for frames of @vlan. */
static const struct mn_obj *router_behind(struct ctl *ctl, struct mn_obj *port,
					  unsigned int vlan)
{
	const struct mn_vals *v;
	const struct mn_obj *peer;

	if (port->type->type != MIDONET_OBJECT_TYPE_PORT)
		return NULL;
	v = *mn_obj_val(port, MIDONET_A_VLAN);
	if ((v ? mn_value_num(v->data + 1, v->data[0]) : VLAN_NONE) != vlan)
		return NULL;
	peer = mn_obj_ref(ctl->model, port, MIDONET_A_PEER);
	return peer && mn_obj_on_router(peer) ? peer : NULL;
}

static const struct mn_vals *addresses_of(const struct mn_obj *port)
{
	return port->vals[mn_type_wire(port->type, MIDONET_A_ADDRESSES)];
}

static bool has_address(const struct mn_obj *port, const uint8_t *addr,
			size_t len)
{
	const uint8_t *p;

	mn_vals_for_each(p, addresses_of(port)) {
		if (*p == len + 1 && !memcmp(p + 2, addr, len))
			return true;
	}
	return false;
}

/**
 * struct hop - addresses of a packet that a VM sends, and who may take it
 * @src: its source, NULL if not given
 * @dst: its destination
 * @len: bytes of each
 * @on_link: the VM takes the destination for a neighbour
 * @owner: router port that has the destination's address
 * @gateway: router port in the VM's subnet
 */
struct hop {
	const uint8_t *src;
	const uint8_t *dst;
	size_t len;
	bool on_link;
	const struct mn_obj *owner;
	const struct mn_obj *gateway;
};

static void ask_router(struct hop *hop, const struct mn_obj *port)
{
	const uint8_t *p;
	bool src, dst;

	if (has_address(port, hop->dst, hop->len))
		hop->owner = port;
	mn_vals_for_each(p, addresses_of(port)) {
		src = !hop->src || mn_prefix_holds(p + 1, *p, hop->src,
						   hop->len);
		dst = mn_prefix_holds(p + 1, *p, hop->dst, hop->len);
		hop->on_link |= src && dst;
		if (src && *p == hop->len + 1 && !hop->gateway)
			hop->gateway = port;
	}
}

/*
 * The router port on the VM's bridge that has the address, or that the VM takes
 * for its gateway: the one in the VM's subnet, or the first one if that is not
 * known.
 */
static const struct mn_obj *find_router(struct ctl *ctl,
					const struct mn_obj *bridge,
					unsigned int vlan, struct hop *hop)
{
	const struct mn_obj *port;
	uint32_t i;

	for (i = 0; i < bridge->n_kids; i++) {
		port = router_behind(ctl, bridge->kids[i], vlan);
		if (port)
			ask_router(hop, port);
	}
	return !hop->on_link && hop->gateway ? hop->gateway : hop->owner;
}

static bool is_arp(const struct mn_frame *f)
{
	size_t len;
	const uint8_t *type = mn_frame_field(f, MIDONET_MATCH_ETHERTYPE, &len);

	return type && mn_value_num(type, len) == ETHERTYPE_ARP;
}

/* Whose MAC the VM at a port of a bridge sends to, if that is configured. */
static bool next_mac(struct ctl *ctl, struct mn_obj *bridge,
		     const struct mn_frame *f, struct hop *hop, uint8_t *mac)
{
	const struct mn_obj *router;

	if (group_mac(hop->dst, hop->len, mac) ||
	    neighbour_mac(ctl, bridge, hop->dst, hop->len, mac))
		return true;
	router = find_router(ctl, bridge, frame_vlan(f), hop);
	return router && mn_port_mac(router, mac);
}

/*
 * What the VM would send to. Whose address it is only the VMs know, unless it is
 * configured; then the frame is sent to all.
 */
static void find_hw_dst(struct ctl *ctl, struct mn_obj *port, struct mn_frame *f)
{
	const uint8_t *src, *dst;
	struct mn_buf text = {};
	struct hop hop = {};
	size_t len = 0, slen;
	uint8_t mac[12];

	memset(mac, 0xff, sizeof(mac));
	dst = mn_frame_field(f, MIDONET_MATCH_DST, &len);
	src = mn_frame_field(f, MIDONET_MATCH_SRC, &slen);
	if (mn_obj_on_router(port)) {
		if (!is_arp(f))
			mn_port_mac(port, mac);
	} else if (dst && !is_arp(f)) {
		hop.dst = dst + 1;
		hop.src = src && slen == len ? src + 1 : NULL;
		hop.len = len - 1;
		if (!next_mac(ctl, port->parent, f, &hop, mac)) {
			mn_addr_print(hop.dst, hop.len, &text);
			fprintf(stderr,
				"midoctl: trace: no hw-dst, and %s has neither a neighbour nor a gateway for %s: traced as a broadcast\n",
				port->parent->name, text.s);
			mn_buf_free(&text);
		}
	}
	mn_frame_set(f, MIDONET_MATCH_HW_DST, mac, 12);
}

/* The VM's MAC: as configured, or one that anti-spoof lets pass, or any. */
static void find_hw_src(struct mn_obj *port, struct mn_frame *f)
{
	const struct mn_vals *v = NULL;
	uint8_t mac[12];

	memset(mac, 0xff, sizeof(mac));
	/* That of a router's port is the router's own. */
	if (!mn_obj_on_router(port))
		v = *mn_obj_val(port, MIDONET_A_MAC);
	if (!v)
		v = *mn_obj_val(port, MIDONET_A_ALLOWED_ADDRESSES);
	if (v) {
		memcpy(mac, v->data + 1, 6);
	} else {
		mac[0] = 2;
		memcpy(mac + 1, &port->id, 5);
	}
	mn_frame_set(f, MIDONET_MATCH_HW_SRC, mac, 12);
}

/**
 * ctl_frame_macs() - give a frame the MACs that it was not given
 * @ctl: run
 * @port: port where it enters
 * @f: frame
 */
void ctl_frame_macs(struct ctl *ctl, struct mn_obj *port, struct mn_frame *f)
{
	if (!mn_frame_has(f, MIDONET_MATCH_HW_SRC))
		find_hw_src(port, f);
	if (!mn_frame_has(f, MIDONET_MATCH_HW_DST))
		find_hw_dst(ctl, port, f);
}
