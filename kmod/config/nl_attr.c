// SPDX-License-Identifier: GPL-2.0
/*
 * Attributes that several objects share.
 */
#include <net/ipv6.h>

#include "config/nl.h"

/**
 * mn_nl_prefix() - decode a prefix
 * @data: one byte of length, then 4 or 16 bytes of address
 * @len: bytes of @data
 * @p: the prefix, host bits cleared
 *
 * Return: 0, -EINVAL if it is none
 */
int mn_nl_prefix(const void *data, int len, struct mn_prefix *p)
{
	const u8 *d = data;
	struct in6_addr addr = {};

	memset(p, 0, sizeof(*p));
	if (len != 5 && len != 17)
		return -EINVAL;
	p->family = len == 5 ? AF_INET : AF_INET6;
	p->plen = d[0];
	if (p->plen > (len - 1) * 8)
		return -EINVAL;
	memcpy(&addr, d + 1, len - 1);
	ipv6_addr_prefix(&p->addr, &addr, p->plen);
	return 0;
}

/**
 * mn_nl_put_prefix() - encode a prefix
 * @skb: message
 * @attr: attribute
 * @family: AF_INET or AF_INET6
 * @plen: length
 * @addr: 4 or 16 bytes
 *
 * Return: 0 or -EMSGSIZE
 */
int mn_nl_put_prefix(struct sk_buff *skb, int attr, u8 family, u8 plen,
		     const void *addr)
{
	int len = family == AF_INET ? 4 : 16;
	struct nlattr *nla = nla_reserve(skb, attr, 1 + len);

	if (!nla)
		return -EMSGSIZE;
	*(u8 *)nla_data(nla) = plen;
	memcpy(nla_data(nla) + 1, addr, len);
	return 0;
}

/**
 * mn_nl_put_id() - put the id of an object
 * @skb: message
 * @attr: attribute
 * @obj: object, or NULL: nothing is put
 *
 * Return: 0 or -EMSGSIZE
 */
int mn_nl_put_id(struct sk_buff *skb, int attr, const struct mn_obj *obj)
{
	return obj ? nla_put(skb, attr, sizeof(obj->ident.id), obj->ident.id) : 0;
}

/**
 * mn_nl_unset() - shall an attribute return to its default
 * @op: message of a set command
 * @attr: attribute
 */
bool mn_nl_unset(const struct mn_op *op, int attr)
{
	const struct nlattr *pos;
	int rem;

	mn_for_each_attr(pos, op, MIDONET_A_UNSET, rem) {
		if (nla_get_u32(pos) == attr)
			return true;
	}
	return false;
}

/**
 * mn_nl_find_any() - live object of one of several types an attribute names
 * @mn: namespace, locked or under RCU
 * @attr: attribute with an id, or NULL
 * @types: bits of the types it may have
 * @word: name of the attribute
 * @extack: for errors
 *
 * Return: object or ERR_PTR
 */
struct mn_obj *mn_nl_find_any(struct mn_net *mn, const struct nlattr *attr,
			      u32 types, const char *word,
			      struct netlink_ext_ack *extack)
{
	struct mn_ident *ident;
	const struct mn_ver *ver;
	struct mn_obj *obj;

	if (!attr)
		return ERR_PTR(mn_err(mn, extack, -EINVAL, "%s is missing",
				      word));
	ident = mn_ident_find(mn, nla_data(attr));
	if (ident && types & BIT(ident->type)) {
		obj = container_of(ident, struct mn_obj, ident);
		ver = mn_dereference_rcu(mn, obj->newest);
		if (ver && !ver->dead)
			return obj;
	}
	NL_SET_BAD_ATTR(extack, attr);
	return ERR_PTR(mn_err(mn, extack, -ENOENT, "no %s with id %pUb",
			      mn_types[__ffs(types)]->name, nla_data(attr)));
}

/**
 * mn_nl_find() - live object an attribute names
 * @mn: namespace, locked or under RCU
 * @attr: attribute with an id, or NULL
 * @type: &enum midonet_object_type
 * @word: name of the attribute
 * @extack: for errors
 *
 * Return: object or ERR_PTR
 */
struct mn_obj *mn_nl_find(struct mn_net *mn, const struct nlattr *attr, u8 type,
			  const char *word, struct netlink_ext_ack *extack)
{
	return mn_nl_find_any(mn, attr, BIT(type), word, extack);
}
