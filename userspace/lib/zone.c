// SPDX-License-Identifier: GPL-2.0
/* What is particular about tunnel zones: their keys, addresses of hosts. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "model.h"

/* Default ports of encapsulations; gre has none. */
static const uint16_t udp_ports[] = {
	[MIDONET_ENCAP_VXLAN] = 6677,
	[MIDONET_ENCAP_GENEVE] = 6081,
	[MIDONET_ENCAP_GRE] = 0,
};

static uint64_t rotate(uint64_t v, int bits)
{
	return v << bits | v >> (64 - bits);
}

static void sip_round(uint64_t v[4])
{
	v[0] += v[1];
	v[1] = rotate(v[1], 13) ^ v[0];
	v[0] = rotate(v[0], 32);
	v[2] += v[3];
	v[3] = rotate(v[3], 16) ^ v[2];
	v[0] += v[3];
	v[3] = rotate(v[3], 21) ^ v[0];
	v[2] += v[1];
	v[1] = rotate(v[1], 17) ^ v[2];
	v[2] = rotate(v[2], 32);
}

static uint64_t get_le64(const uint8_t *p)
{
	uint64_t v = 0;
	int i;

	for (i = 7; i >= 0; i--)
		v = v << 8 | p[i];
	return v;
}

/* SipHash-2-4 of nothing under @key, as the kernel shows it. */
static void key_id(const uint8_t *key, uint8_t *id)
{
	uint64_t k0 = get_le64(key), k1 = get_le64(key + 8), h;
	uint64_t v[4] = {
		k0 ^ 0x736f6d6570736575ULL, k1 ^ 0x646f72616e646f6dULL,
		k0 ^ 0x6c7967656e657261ULL, k1 ^ 0x7465646279746573ULL,
	};
	int i;

	/* The one block: the length, which is 0. */
	sip_round(v);
	sip_round(v);
	v[2] ^= 0xff;
	for (i = 0; i < 4; i++)
		sip_round(v);
	h = v[0] ^ v[1] ^ v[2] ^ v[3];
	for (i = 0; i < 8; i++)
		id[i] = h >> (8 * i);
}

static struct mn_vals **key_id_of(struct mn_obj *zone)
{
	return mn_obj_val(zone, MIDONET_A_KEY_ID);
}

/**
 * mn_zone_keyed() - the key of a tunnel zone was set, or taken away
 * @zone: zone; its key-id follows. Other objects are left alone
 */
void mn_zone_keyed(struct mn_obj *zone)
{
	const struct mn_vals *key;
	uint8_t id[8];

	if (zone->type->type != MIDONET_OBJECT_TYPE_TUNNEL_ZONE)
		return;
	free(*key_id_of(zone));
	*key_id_of(zone) = NULL;
	key = *mn_obj_val(zone, MIDONET_A_KEY);
	if (!key)
		return;
	key_id(key->data + 1, id);
	mn_vals_add(key_id_of(zone), id, sizeof(id));
}

/**
 * mn_zone_keep_key() - a zone of a document that says nothing of its key
 * @zone: zone, with its twin in the current topology; it keeps the key
 *
 * Nobody but the kernel may know it.
 */
void mn_zone_keep_key(struct mn_obj *zone)
{
	int key = mn_type_wire(zone->type, MIDONET_A_KEY);
	int id = mn_type_wire(zone->type, MIDONET_A_KEY_ID);

	if (zone->given >> key & 1) {
		mn_zone_keyed(zone);
		return;
	}
	if (!zone->twin || !mn_uuid_equal(&zone->id, &zone->twin->id))
		return;
	free(zone->vals[key]);
	free(zone->vals[id]);
	zone->vals[key] = mn_vals_copy(zone->twin->vals[key]);
	zone->vals[id] = mn_vals_copy(zone->twin->vals[id]);
}

/**
 * mn_zone_same_key() - have two zones the same key
 * @a: zone
 * @b: zone
 *
 * Return: whether they have, or both have none
 */
bool mn_zone_same_key(const struct mn_obj *a, const struct mn_obj *b)
{
	int id = mn_type_wire(a->type, MIDONET_A_KEY_ID);

	return mn_vals_equal(a->vals[id], b->vals[id]);
}

/**
 * mn_zone_encap() - encapsulation of a zone
 * @zone: zone
 *
 * Return: &enum midonet_encap
 */
int mn_zone_encap(const struct mn_obj *zone)
{
	const struct mn_vals *v;

	v = zone->vals[mn_type_wire(zone->type, MIDONET_A_ENCAP)];
	return v && v->data[1] < MN_ARRAY_SIZE(udp_ports) ? v->data[1] : 0;
}

/**
 * mn_zone_udp_port() - port of a zone that names none
 * @zone: zone
 *
 * Return: port, 0 if its encapsulation has none
 */
uint16_t mn_zone_udp_port(const struct mn_obj *zone)
{
	return udp_ports[mn_zone_encap(zone)];
}

static bool reachable(const uint8_t *addr, size_t len)
{
	bool link_local = len == 16 && addr[0] == 0xfe && addr[1] >> 6 == 2;

	return mn_addr_is_gateway(addr, len) && !link_local;
}

/**
 * mn_zone_member_check() - judge a member of a tunnel zone by itself
 * @member: tunnel-zone-member
 * @attr: the attribute at fault
 * @err: for errors
 *
 * Return: 0 or -EINVAL
 */
int mn_zone_member_check(const struct mn_obj *member, const char **attr,
			 struct mn_err *err)
{
	const struct mn_vals *v;
	struct mn_buf text = {};

	*attr = "address";
	v = member->vals[mn_type_wire(member->type, MIDONET_A_ADDRESS)];
	if (reachable(v->data + 1, v->data[0]))
		return 0;
	mn_addr_print(v->data + 1, v->data[0], &text);
	mn_fail(err, -EINVAL,
		"%s is not the address of one host that others reach: loopback, link-local or the like",
		text.s);
	mn_buf_free(&text);
	return err->code;
}
