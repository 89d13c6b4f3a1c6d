// SPDX-License-Identifier: GPL-2.0
/*
 * Subnets and hosts as the kernel has them now. It finds a host by its MAC, so it is
 * asked for each request, and nothing here can be out of date.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "dhcp_topology.h"

/* An address of the family of @s; false if there is none. */
static bool get_addr(const struct mn_dhcp_subnet *s, const struct nlattr *attr,
		     uint8_t *addr)
{
	size_t len = s->v6 ? 16 : 4;

	memset(addr, 0, 16);
	if (!attr || mnl_attr_get_payload_len(attr) != len)
		return false;
	memcpy(addr, mnl_attr_get_payload(attr), len);
	return true;
}

static bool get_bytes(const struct nlattr *attr, void *to, size_t len)
{
	memset(to, 0, len);
	if (!attr || mnl_attr_get_payload_len(attr) != len)
		return false;
	memcpy(to, mnl_attr_get_payload(attr), len);
	return true;
}

static void read_list(struct mn_dhcp_subnet *s, const struct nlattr *attr)
{
	const uint8_t *p = mnl_attr_get_payload(attr);

	if (mnl_attr_get_type(attr) == MIDONET_A_DNS &&
	    s->n_dns < MN_DHCP_DNS && get_addr(s, attr, s->dns[s->n_dns]))
		s->n_dns++;
	if (mnl_attr_get_type(attr) != MIDONET_A_ROUTES ||
	    s->n_routes == MN_DHCP_ROUTES ||
	    mnl_attr_get_payload_len(attr) != 9 || p[0] > 32)
		return;
	s->routes[s->n_routes].plen = p[0];
	memcpy(s->routes[s->n_routes].dst, p + 1, 4);
	memcpy(s->routes[s->n_routes].gateway, p + 5, 4);
	s->n_routes++;
}

/* -EPROTO if it is none. */
static int read_subnet(const struct nlmsghdr *nlh, struct mn_dhcp_subnet *s,
		       struct mn_uuid *bridge)
{
	const struct nlattr *tb[MIDONET_A_MAX + 1], *subnet, *attr;
	size_t len;

	memset(s, 0, sizeof(*s));
	mn_msg_attrs(nlh, tb, MIDONET_A_MAX);
	subnet = tb[MIDONET_A_SUBNET];
	len = subnet ? mnl_attr_get_payload_len(subnet) : 0;
	if ((len != 5 && len != 17) ||
	    !get_bytes(tb[MIDONET_A_ID], s->id.b, MN_UUID_LEN) ||
	    !get_bytes(tb[MIDONET_A_PARENT], bridge->b, MN_UUID_LEN) ||
	    !get_bytes(tb[MIDONET_A_SERVER_MAC], s->server_mac, 6))
		return -EPROTO;
	s->v6 = len == 17;
	s->plen = *(const uint8_t *)mnl_attr_get_payload(subnet);
	memcpy(s->addr, (const uint8_t *)mnl_attr_get_payload(subnet) + 1,
	       len - 1);
	if (s->plen > 8 * (len - 1))
		return -EPROTO;
	s->mode = mn_attr_num(tb[MIDONET_A_MODE]);
	s->mtu = mn_attr_num(tb[MIDONET_A_MTU]);
	s->lease = mn_attr_num(tb[MIDONET_A_LEASE]);
	s->has_server = get_addr(s, tb[MIDONET_A_SERVER], s->server);
	s->has_gateway = get_addr(s, tb[MIDONET_A_GATEWAY], s->gateway);
	s->has_router = get_bytes(tb[MIDONET_A_GATEWAY_MAC], s->gateway_mac, 6);
	mn_msg_for_each(attr, nlh)
		read_list(s, attr);
	return 0;
}

static int subnet_cb(const struct nlmsghdr *nlh, void *arg)
{
	struct mn_uuid bridge;

	return read_subnet(nlh, arg, &bridge);
}

/**
 * mn_dhcp_get_subnet() - ask for a subnet
 * @nl: connection
 * @id: id of the dhcp
 * @subnet: result
 * @err: for errors
 *
 * Return: 0, -ENOENT, or another negative error
 */
int mn_dhcp_get_subnet(struct mn_nl *nl, const struct mn_uuid *id,
		       struct mn_dhcp_subnet *subnet, struct mn_err *err)
{
	struct mn_buf b = {};
	size_t at;
	int ret;

	at = mn_msg_begin(&b, nl, MIDONET_CMD_DHCP_GET, 0);
	mn_msg_put(&b, MIDONET_A_ID, id->b, MN_UUID_LEN);
	mn_msg_end(&b, at);
	ret = mn_nl_call(nl, &b, subnet_cb, subnet, err);
	mn_buf_free(&b);
	return ret;
}

/* Two bytes of code, then the value. */
static void read_option(struct mn_dhcp_host *h, size_t *used,
			const struct nlattr *attr)
{
	const uint8_t *p = mnl_attr_get_payload(attr);
	size_t len = mnl_attr_get_payload_len(attr);
	struct mn_dhcp_option *o = &h->options[h->n_options];

	if (len < 2 || h->n_options == MN_DHCP_OPTIONS ||
	    len - 2 > sizeof(h->bytes) - *used)
		return;
	o->code = p[0] << 8 | p[1];
	o->len = len - 2;
	o->data = h->bytes + *used;
	memcpy(h->bytes + *used, p + 2, len - 2);
	*used += len - 2;
	h->n_options++;
}

/**
 * struct host_arg - for host_cb()
 * @subnet: subnet it is in
 * @host: result
 */
struct host_arg {
	const struct mn_dhcp_subnet *subnet;
	struct mn_dhcp_host *host;
};

static int host_cb(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *tb[MIDONET_A_MAX + 1], *attr;
	struct host_arg *a = arg;
	const char *name;
	size_t used = 0;

	memset(a->host, 0, sizeof(*a->host));
	mn_msg_attrs(nlh, tb, MIDONET_A_MAX);
	if (!get_bytes(tb[MIDONET_A_MAC], a->host->mac, 6) ||
	    !get_addr(a->subnet, tb[MIDONET_A_ADDRESS], a->host->addr))
		return -EPROTO;
	name = mn_attr_text(tb[MIDONET_A_NAME]);
	if (name && strlen(name) < sizeof(a->host->name))
		strcpy(a->host->name, name);
	mn_msg_for_each(attr, nlh) {
		if (mnl_attr_get_type(attr) == MIDONET_A_OPTIONS)
			read_option(a->host, &used, attr);
	}
	return 0;
}

/**
 * mn_dhcp_get_host() - ask for a host of a subnet
 * @nl: connection
 * @subnet: subnet
 * @mac: who it is
 * @host: result
 * @err: for errors
 *
 * Return: 0, -ENOENT, or another negative error
 */
int mn_dhcp_get_host(struct mn_nl *nl, const struct mn_dhcp_subnet *subnet,
		     const uint8_t *mac, struct mn_dhcp_host *host,
		     struct mn_err *err)
{
	struct host_arg arg = { .subnet = subnet, .host = host };
	struct mn_buf b = {};
	size_t at;
	int ret;

	at = mn_msg_begin(&b, nl, MIDONET_CMD_DHCP_HOST_GET, 0);
	mn_msg_put(&b, MIDONET_A_PARENT, subnet->id.b, MN_UUID_LEN);
	mn_msg_put(&b, MIDONET_A_MAC, mac, 6);
	mn_msg_end(&b, at);
	ret = mn_nl_call(nl, &b, host_cb, &arg, err);
	mn_buf_free(&b);
	return ret;
}

static int list_cb(const struct nlmsghdr *nlh, void *arg)
{
	struct mn_dhcp_subnets *l = arg;

	if (l->n == l->cap) {
		l->cap = l->cap ? l->cap * 2 : 4;
		l->subnets = mn_realloc(l->subnets,
					l->cap * sizeof(*l->subnets));
		l->bridges = mn_realloc(l->bridges,
					l->cap * sizeof(*l->bridges));
	}
	if (!read_subnet(nlh, &l->subnets[l->n], &l->bridges[l->n]))
		l->n++;
	return 0;
}

/**
 * mn_dhcp_list() - list subnets
 * @nl: connection
 * @bridge: id of the bridge they are of, NULL for all
 * @list: result; empty before
 * @err: for errors
 *
 * Return: 0; -EINTR if the topology changed meanwhile; -ENOENT; or another negative
 * error
 */
int mn_dhcp_list(struct mn_nl *nl, const struct mn_uuid *bridge,
		 struct mn_dhcp_subnets *list, struct mn_err *err)
{
	struct mn_buf b = {};
	size_t at;
	int ret;

	at = mn_msg_begin(&b, nl, MIDONET_CMD_DHCP_GET, 0);
	if (bridge)
		mn_msg_put(&b, MIDONET_A_PARENT, bridge->b, MN_UUID_LEN);
	mn_msg_end(&b, at);
	ret = mn_nl_dump(nl, &b, list_cb, list, err);
	mn_buf_free(&b);
	return ret;
}

/**
 * mn_dhcp_subnets_free() - forget what was listed
 * @list: list
 */
void mn_dhcp_subnets_free(struct mn_dhcp_subnets *list)
{
	free(list->subnets);
	free(list->bridges);
	memset(list, 0, sizeof(*list));
}
