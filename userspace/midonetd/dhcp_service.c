// SPDX-License-Identifier: GPL-2.0
/*
 * What the kernel punts, answered: DHCP, DHCPv6, router solicitations; and now and
 * then routers advertise themselves unasked, because hosts ask only when they begin.
 *
 * It has two connections: one that punts and events of commits come by, and one for
 * requests, so that an answer never waits behind what is to be answered.
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "dhcp4.h"
#include "dhcp6.h"
#include "dhcp_service.h"
#include "dhcp_topology.h"
#include "packet.h"
#include "ra.h"
#include "store.h"

/* Milliseconds. RFC 4861 6.2.1 and 10 */
#define RA_MIN		200000
#define RA_MAX		600000
#define RA_BURST	16000
#define RA_GAP		3000
#define RA_SOON		500
/* After ports were changed, which may be about a router. */
#define RA_PORT_GAP	30000
/* So many advertisements follow each other closely when something is new. */
#define RA_BURSTS	3

/* Messages that are worked off before others have their turn. */
#define BATCH		64
/* Devices a frame crosses at most. */
#define HOPS_MAX	16

#define DHCP4_PORT	67
#define DHCP4_CLIENT	68
#define DHCP6_PORT	547
#define DHCP6_CLIENT	546

static const uint8_t all_nodes[16] = { 0xff, 0x02, [15] = 1 };
static const uint8_t all_nodes_mac[6] = { 0x33, 0x33, 0, 0, 0, 1 };
static const uint8_t broadcast_mac[6] = { 255, 255, 255, 255, 255, 255 };

/**
 * struct mn_dhcp_service - the service
 * @config: as it was told
 * @punts: what comes by itself
 * @store: for requests
 * @nl: its connection
 * @next: when routers advertise themselves, -1: not
 * @last: when they did
 * @bursts: how many times more soon
 */
struct mn_dhcp_service {
	struct mn_dhcp_config config;
	struct mn_nl punts;
	struct mn_store *store;
	struct mn_nl *nl;
	int64_t next;
	int64_t last;
	int bursts;
};

/**
 * struct punt - a frame that is to be answered
 * @port: port where it entered
 * @bridge: bridge it is for
 * @dhcp: subnet
 * @has_dhcp: there is a @dhcp
 * @p: the frame
 */
struct punt {
	struct mn_uuid port;
	struct mn_uuid bridge;
	struct mn_uuid dhcp;
	bool has_dhcp;
	struct mn_packet p;
};

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000ll + ts.tv_nsec / 1000000;
}

__printf(2, 3)
static void say(struct mn_dhcp_service *s, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	if (!s->config.log)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	s->config.log(s->config.arg, text);
}

__printf(3, 4)
static void say_of(struct mn_dhcp_service *s, const struct punt *punt,
		   const char *fmt, ...)
{
	struct mn_buf mac = {};
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	mn_mac_print(punt->p.eth_src, &mac);
	say(s, "%s from %s %s", punt->p.proto == IPPROTO_ICMPV6 ? "solicitation" :
	    punt->p.v6 ? "DHCPv6" : "DHCP", mac.s, text);
	mn_buf_free(&mac);
}

static int inject(struct mn_dhcp_service *s, const struct mn_uuid *port,
		  const struct mn_packet *p, struct mn_err *err)
{
	struct mn_buf b = {}, frame = {};
	size_t at;
	int ret;

	mn_packet_build(p, &frame);
	at = mn_msg_begin(&b, s->nl, MIDONET_CMD_INJECT, 0);
	mn_msg_put(&b, MIDONET_PUNT_PORT, port->b, MN_UUID_LEN);
	mn_msg_put_u8(&b, MIDONET_PUNT_DIRECTION, MIDONET_DIRECTION_OUT);
	mn_msg_put(&b, MIDONET_PUNT_FRAME, frame.s, frame.len);
	mn_msg_end(&b, at);
	ret = mn_nl_call(s->nl, &b, NULL, NULL, err);
	mn_buf_free(&b);
	mn_buf_free(&frame);
	return ret;
}

static void answer(struct mn_dhcp_service *s, const struct punt *punt,
		   struct mn_packet *p)
{
	struct mn_err err;

	p->v6 = punt->p.v6;
	p->tagged = punt->p.tagged;
	p->tci = punt->p.tci;
	if (inject(s, &punt->port, p, &err))
		say_of(s, punt, "is not answered: %s", err.text);
	else
		say_of(s, punt, "is answered");
}

/* The lesser of what the subnet says and what tunnels leave. */
static void bound_mtu(const struct mn_dhcp_service *s,
		      struct mn_dhcp_subnet *subnet)
{
	uint32_t mtu = subnet->mtu ? subnet->mtu : 1500;

	if (s->config.mtu)
		subnet->mtu = mtu < s->config.mtu ? mtu : s->config.mtu;
}

static void answer_dhcp4(struct mn_dhcp_service *s, const struct punt *punt,
			 const struct mn_dhcp_subnet *subnet,
			 const struct mn_dhcp_host *host)
{
	struct mn_packet p = {
		.proto = IPPROTO_UDP, .eth_dst = punt->p.eth_src,
		.eth_src = subnet->server_mac, .src = subnet->server,
		.sport = DHCP4_PORT, .dport = DHCP4_CLIENT,
	};
	struct mn_dhcp4_reply reply;
	const char *why;

	if (!host) {
		say_of(s, punt, "is not answered: it is not listed any more");
		return;
	}
	why = mn_dhcp4_answer(subnet, host, punt->p.data, punt->p.len, &reply);
	if (why) {
		say_of(s, punt, "%s", why);
		return;
	}
	if (reply.broadcast)
		p.eth_dst = broadcast_mac;
	p.dst = reply.dst;
	p.data = reply.data;
	p.len = reply.len;
	answer(s, punt, &p);
}

static void answer_dhcp6(struct mn_dhcp_service *s, const struct punt *punt,
			 const struct mn_dhcp_subnet *subnet,
			 const struct mn_dhcp_host *host)
{
	uint8_t src[16];
	struct mn_packet p = {
		.proto = IPPROTO_UDP, .eth_dst = punt->p.eth_src,
		.eth_src = subnet->server_mac, .src = src, .dst = punt->p.src,
		.sport = DHCP6_PORT, .dport = DHCP6_CLIENT,
	};
	struct mn_dhcp6_reply reply;
	const char *why;

	/* RFC 8415 13: clients speak by their link-local address. */
	if (punt->p.src[0] != 0xfe || punt->p.src[1] >> 6 != 2) {
		say_of(s, punt, "is not from a link-local address");
		return;
	}
	why = mn_dhcp6_answer(subnet, host, punt->p.data, punt->p.len, &reply);
	if (why) {
		say_of(s, punt, "%s", why);
		return;
	}
	mn_link_local(subnet->server_mac, src);
	p.data = reply.data;
	p.len = reply.len;
	answer(s, punt, &p);
}

static void answer_dhcp(struct mn_dhcp_service *s, const struct punt *punt)
{
	struct mn_dhcp_host host, *listed = &host;
	struct mn_dhcp_subnet subnet;
	struct mn_err err;
	int ret;

	ret = mn_dhcp_get_subnet(s->nl, &punt->dhcp, &subnet, &err);
	if (!ret)
		ret = mn_dhcp_get_host(s->nl, &subnet, punt->p.eth_src, &host,
				       &err);
	/* In some subnets everybody is answered. */
	if (ret == -ENOENT)
		listed = NULL;
	else if (ret)
		say_of(s, punt, "is not answered: %s", err.text);
	if ((ret && ret != -ENOENT) || subnet.v6 != punt->p.v6)
		return;
	bound_mtu(s, &subnet);
	if (punt->p.v6 && punt->p.dport == DHCP6_PORT)
		answer_dhcp6(s, punt, &subnet, listed);
	else if (!punt->p.v6 && punt->p.dport == DHCP4_PORT)
		answer_dhcp4(s, punt, &subnet, listed);
}

/* Advertisements. */

static void ra_packet(const struct mn_ra *ra, struct mn_packet *p)
{
	*p = (struct mn_packet){
		.v6 = true, .proto = IPPROTO_ICMPV6, .hops = 255,
		.eth_dst = all_nodes_mac, .eth_src = ra->mac,
		.src = ra->src, .dst = all_nodes,
		.data = ra->data, .len = ra->len,
	};
}

static void answer_rs(struct mn_dhcp_service *s, const struct punt *punt)
{
	struct mn_ra *ras = mn_alloc(MN_RA_SUBNETS * sizeof(*ras));
	static const uint8_t any[16];
	struct mn_dhcp_subnets list = {};
	struct mn_packet p;
	struct mn_err err;
	size_t i, n = 0;
	int ret;

	ret = mn_dhcp_list(s->nl, &punt->bridge, &list, &err);
	if (ret && ret != -EINTR)
		say_of(s, punt, "is not answered: %s", err.text);
	else
		n = list.n;
	for (i = 0; i < n; i++)
		bound_mtu(s, &list.subnets[i]);
	n = mn_ra_build(list.subnets, n, ras, MN_RA_SUBNETS);
	for (i = 0; i < n; i++) {
		ra_packet(&ras[i], &p);
		if (memcmp(punt->p.src, any, sizeof(any))) {
			p.dst = punt->p.src;
			p.eth_dst = punt->p.eth_src;
		}
		answer(s, punt, &p);
	}
	mn_dhcp_subnets_free(&list);
	free(ras);
}

/**
 * struct advert - routers of a bridge that advertise themselves
 * @s: service
 * @m: ports
 * @ras: what they say
 * @n: number of @ras
 * @sent: frames
 */
struct advert {
	struct mn_dhcp_service *s;
	struct mn_model *m;
	const struct mn_ra *ras;
	size_t n;
	size_t sent;
};

static uint64_t num(const struct mn_obj *obj, int wire)
{
	const struct mn_vals *v = obj->vals[mn_type_wire(obj->type, wire)];

	return v ? mn_value_num(v->data + 1, v->data[0]) : 0;
}

static void advertise_by(struct advert *a, const struct mn_obj *port,
			 uint16_t vlan)
{
	struct mn_packet p;
	struct mn_err err;
	size_t i;

	if (num(port, MIDONET_A_STATE) != MIDONET_PORT_STATE_UP)
		return;
	for (i = 0; i < a->n; i++) {
		ra_packet(&a->ras[i], &p);
		p.tagged = vlan;
		p.tci = vlan;
		/* The device may be gone: then there is nobody to be told. */
		if (!inject(a->s, &port->id, &p, &err))
			a->sent++;
	}
}

static void advertise_in(struct advert *a, const struct mn_obj *bridge,
			 uint16_t vlan, const struct mn_obj *from, int hops);

/* Over a link the tag changes as it does for frames (kmod/sim/walk.c). */
static void advertise_over(struct advert *a, const struct mn_obj *port,
			   const struct mn_obj *peer, uint16_t vlan, int hops)
{
	uint16_t own = num(port, MIDONET_A_VLAN);
	uint16_t other = num(peer, MIDONET_A_VLAN);

	if (mn_obj_on_router(peer) || (own && own != vlan))
		return;
	if (own)
		vlan = 0;
	if (other && vlan)
		return;
	advertise_in(a, peer->parent, other ? other : vlan, peer, hops + 1);
}

/* Links of bridges are a tree, so nobody is met twice. Recurses along them. */
static void advertise_in(struct advert *a, const struct mn_obj *bridge,
			 uint16_t vlan, const struct mn_obj *from, int hops)
{
	const struct mn_obj *port, *peer;
	uint32_t i;

	for (i = 0; hops < HOPS_MAX && i < bridge->n_kids; i++) {
		port = bridge->kids[i];
		if (port->type->type != MIDONET_OBJECT_TYPE_PORT ||
		    port == from)
			continue;
		peer = mn_obj_ref(a->m, port, MIDONET_A_PEER);
		if (peer)
			advertise_over(a, port, peer, vlan, hops);
		else
			advertise_by(a, port, vlan);
	}
}

/* Sorted by bridge; IPv4 is left out. */
static size_t sort_subnets(struct mn_dhcp_subnets *list)
{
	struct mn_dhcp_subnet subnet;
	struct mn_uuid bridge;
	size_t i, j, n = 0;

	for (i = 0; i < list->n; i++) {
		if (!list->subnets[i].v6)
			continue;
		subnet = list->subnets[i];
		bridge = list->bridges[i];
		/* Those of a bridge mostly come one after another. */
		for (j = n++; j && memcmp(&list->bridges[j - 1], &bridge,
					  sizeof(bridge)) > 0; j--) {
			list->subnets[j] = list->subnets[j - 1];
			list->bridges[j] = list->bridges[j - 1];
		}
		list->subnets[j] = subnet;
		list->bridges[j] = bridge;
	}
	return n;
}

/* One bridge after the other. */
static size_t advertise_each(struct mn_dhcp_service *s, struct mn_model *m,
			     const struct mn_dhcp_subnets *list, size_t n)
{
	struct mn_ra *ras = mn_alloc(MN_RA_SUBNETS * sizeof(*ras));
	struct advert a = { .s = s, .m = m, .ras = ras };
	const struct mn_obj *bridge;
	size_t i, end;

	for (i = 0; i < n; i = end) {
		for (end = i; end < n && mn_uuid_equal(&list->bridges[i],
						       &list->bridges[end]);
		     end++)
			bound_mtu(s, &list->subnets[end]);
		bridge = mn_model_find_id(m, &list->bridges[i]);
		a.n = mn_ra_build(list->subnets + i, end - i, ras,
				  MN_RA_SUBNETS);
		if (bridge)
			advertise_in(&a, bridge, 0, NULL, 0);
	}
	free(ras);
	return a.sent;
}

/* A lease that ends before the next one would end with it. */
static int64_t interval(const struct mn_dhcp_subnets *list, size_t n)
{
	int64_t ms = RA_MIN + rand() % (RA_MAX - RA_MIN), third;
	size_t i;

	for (i = 0; i < n; i++) {
		third = list->subnets[i].lease * 1000ll / 3;
		if (third < ms)
			ms = third;
	}
	return ms > RA_GAP ? ms : RA_GAP;
}

static void advertise(struct mn_dhcp_service *s)
{
	struct mn_model *m = mn_model_new(s->store);
	struct mn_dhcp_subnets list = {};
	struct mn_err err;
	size_t n = 0, sent;
	int ret;

	s->last = now_ms();
	s->next = -1;
	ret = mn_dhcp_list(s->nl, NULL, &list, &err);
	if (!ret)
		n = sort_subnets(&list);
	if (n)
		ret = mn_store_load(s->store, m, MIDONET_OBJECT_TYPE_PORT, &err);
	if (ret) {
		/* It changes so fast: there will be an event, or the next time. */
		say(s, "no router advertises itself now: %s", err.text);
		s->next = s->last + RA_GAP;
	} else if (n) {
		sent = advertise_each(s, m, &list, n);
		say(s, "%zu frames of routers' advertisements", sent);
		s->next = s->last + interval(&list, n);
		if (s->bursts && s->bursts-- && s->next > s->last + RA_BURST)
			s->next = s->last + RA_BURST;
	}
	mn_dhcp_subnets_free(&list);
	mn_model_free(m);
}

/* Not before @gap after the last time. */
static void advertise_soon(struct mn_dhcp_service *s, int64_t gap)
{
	int64_t at = now_ms() + RA_SOON;

	if (at < s->last + gap)
		at = s->last + gap;
	if (s->next < 0 || s->next > at)
		s->next = at;
}

/* What comes by itself. */

static bool get_id(const struct nlattr *attr, struct mn_uuid *id)
{
	if (!attr || mnl_attr_get_payload_len(attr) != MN_UUID_LEN)
		return false;
	memcpy(id->b, mnl_attr_get_payload(attr), MN_UUID_LEN);
	return true;
}

static void work_punt(struct mn_dhcp_service *s, const struct nlmsghdr *nlh)
{
	const struct nlattr *tb[MIDONET_PUNT_MAX + 1], *frame;
	struct punt punt = {};

	mn_msg_attrs(nlh, tb, MIDONET_PUNT_MAX);
	frame = tb[MIDONET_PUNT_FRAME];
	punt.has_dhcp = get_id(tb[MIDONET_PUNT_DHCP], &punt.dhcp);
	if (!frame || !get_id(tb[MIDONET_PUNT_PORT], &punt.port) ||
	    !get_id(tb[MIDONET_PUNT_BRIDGE], &punt.bridge))
		return;
	if (!mn_packet_parse(mnl_attr_get_payload(frame),
			     mnl_attr_get_payload_len(frame), &punt.p)) {
		say(s, "a request is not answered: it is malformed");
		return;
	}
	if (punt.p.proto == IPPROTO_UDP && punt.has_dhcp)
		answer_dhcp(s, &punt);
	else if (punt.p.proto == IPPROTO_ICMPV6 &&
		 mn_ra_solicits(punt.p.data, punt.p.len, punt.p.hops,
				punt.p.src))
		answer_rs(s, &punt);
}

static void work_event(struct mn_dhcp_service *s, const struct nlmsghdr *nlh)
{
	const struct nlattr *tb[MIDONET_EVENT_MAX + 1];
	int type;

	mn_msg_attrs(nlh, tb, MIDONET_EVENT_MAX);
	type = mn_attr_num(tb[MIDONET_EVENT_TYPE]);
	if (type == MIDONET_OBJECT_TYPE_DHCP) {
		s->bursts = RA_BURSTS;
		advertise_soon(s, RA_GAP);
	} else if (type == MIDONET_OBJECT_TYPE_PORT && s->next >= 0) {
		advertise_soon(s, RA_PORT_GAP);
	}
}

static int message_cb(const struct nlmsghdr *nlh, void *arg)
{
	if (mn_msg_cmd(nlh) == MIDONET_CMD_PUNT)
		work_punt(arg, nlh);
	else if (mn_msg_cmd(nlh) == MIDONET_CMD_CONFIG_EVENT)
		work_event(arg, nlh);
	return 0;
}

/**
 * mn_dhcp_service_fd() - what to wait for
 * @service: service
 *
 * Return: a file descriptor; when it can be read, mn_dhcp_service_work() is due
 */
int mn_dhcp_service_fd(const struct mn_dhcp_service *service)
{
	return mnl_socket_get_fd(service->punts.sock);
}

/**
 * mn_dhcp_service_timeout() - how long to wait
 * @service: service
 *
 * Return: milliseconds after which mn_dhcp_service_work() is due anyway; -1: never
 */
int mn_dhcp_service_timeout(const struct mn_dhcp_service *service)
{
	int64_t left = service->next - now_ms();

	if (service->next < 0)
		return -1;
	return left > 0 ? left : 0;
}

/**
 * mn_dhcp_service_work() - do what is due
 * @service: service
 * @err: for errors
 *
 * Does not wait, and leaves what is too much at once for the next time.
 *
 * Return: 0, or a negative error after which it cannot go on
 */
int mn_dhcp_service_work(struct mn_dhcp_service *service, struct mn_err *err)
{
	int i, ret = 1;

	for (i = 0; i < BATCH && ret > 0; i++) {
		ret = mn_nl_events(&service->punts, message_cb, service, 0,
				   err);
		/* Some are lost: clients ask again. */
		if (ret == -ENOBUFS) {
			say(service, "too many requests at once: some are lost");
			advertise_soon(service, RA_GAP);
			ret = 1;
		}
	}
	if (ret < 0)
		return ret;
	if (service->next >= 0 && now_ms() >= service->next)
		advertise(service);
	return 0;
}

static int bind_punts(struct mn_nl *nl, struct mn_err *err)
{
	struct mn_buf b = {};
	int ret;

	mn_msg_end(&b, mn_msg_begin(&b, nl, MIDONET_CMD_PUNT_BIND, 0));
	ret = mn_nl_call(nl, &b, NULL, NULL, err);
	mn_buf_free(&b);
	return ret;
}

/**
 * mn_dhcp_service_open() - begin to serve this network namespace
 * @service: result
 * @config: what it is told; copied
 * @err: for errors
 *
 * Return: 0; -EBUSY if somebody else does; or another negative error
 */
int mn_dhcp_service_open(struct mn_dhcp_service **service,
			 const struct mn_dhcp_config *config,
			 struct mn_err *err)
{
	struct mn_dhcp_service *s = mn_alloc(sizeof(*s));
	int ret;

	s->config = *config;
	s->last = -RA_GAP;
	s->next = -1;
	s->bursts = RA_BURSTS;
	srand(now_ms());
	ret = mn_nl_open(&s->punts, err);
	if (!ret)
		ret = mn_store_open(&s->store, "kernel", err);
	if (!ret)
		s->nl = mn_store_nl(s->store);
	if (!ret)
		ret = mn_nl_join(&s->punts, MIDONET_MCGRP_CONFIG, err);
	if (!ret)
		ret = bind_punts(&s->punts, err);
	if (ret) {
		mn_dhcp_service_close(s);
		return ret;
	}
	advertise_soon(s, RA_GAP);
	*service = s;
	return 0;
}

/**
 * mn_dhcp_service_close() - end
 * @service: service or NULL
 */
void mn_dhcp_service_close(struct mn_dhcp_service *service)
{
	if (!service)
		return;
	mn_store_close(service->store);
	mn_nl_close(&service->punts);
	free(service);
}
