// SPDX-License-Identifier: GPL-2.0
/* The blocks that the kernel may use: what it has, and what it is told. */
#include <stdlib.h>
#include <string.h>

#include "mirror.h"
#include "nat.h"

static struct nat_addr *find(struct nat *nat, const struct nlattr **tb)
{
	const struct nlattr *router = tb[MIDONET_A_PARENT];
	const struct nlattr *addr = tb[MIDONET_A_ADDRESS];
	struct nat_addr *a;

	if (!router || !addr || mnl_attr_get_payload_len(router) != MN_UUID_LEN)
		return NULL;
	for (a = nat->addrs; a; a = a->next) {
		if (mnl_attr_get_payload_len(addr) == a->len &&
		    !memcmp(mnl_attr_get_payload(addr), a->addr, a->len) &&
		    !memcmp(mnl_attr_get_payload(router), a->router.b,
			    MN_UUID_LEN))
			return a;
	}
	return NULL;
}

static int block_cb(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *tb[MIDONET_A_MAX + 1];
	struct nat_lease *lease;
	struct nat_addr *a;
	uint32_t first, count;

	mn_msg_attrs(nlh, tb, MIDONET_A_MAX);
	a = find(arg, tb);
	first = mn_attr_num(tb[MIDONET_A_FIRST_PORT]);
	count = mn_attr_num(tb[MIDONET_A_COUNT]);
	if (!a)
		return 0;
	if (first < NAT_PORTS && count == 1) {
		a->sentinel = true;
		a->first = first;
	}
	if (first % NAT_PORTS || count != NAT_PORTS || first > UINT16_MAX)
		return 0;
	lease = &a->leases[first / NAT_PORTS];
	lease->there = true;
	lease->used = mn_attr_num(tb[MIDONET_A_USED]);
	if (lease->used)
		lease->idle = 0;
	else if (!lease->idle)
		lease->idle = mn_zk_now();
	return 0;
}

/**
 * nat_kernel_read() - see which blocks the kernel has, and how they are used
 * @d: daemon
 * @err: for errors
 *
 * Return: 0 or a negative error
 */
int nat_kernel_read(struct daemon *d, struct mn_err *err)
{
	struct mn_buf b = {};
	struct nat_addr *a;
	unsigned int i;
	int ret;

	for (a = d->nat->addrs; a; a = a->next) {
		a->sentinel = false;
		for (i = 0; i < NAT_BLOCKS; i++)
			a->leases[i].there = false;
	}
	mn_msg_end(&b, mn_msg_begin(&b, d->nl, MIDONET_CMD_NAT_BLOCK_GET, 0));
	ret = mn_nl_dump(d->nl, &b, block_cb, d->nat, err);
	mn_buf_free(&b);
	return ret;
}

/**
 * nat_kernel_note() - note that the kernel shall have a block, or not any more
 * @d: daemon
 * @a: address
 * @op: new or del
 * @first: first port
 * @count: number of ports
 */
void nat_kernel_note(struct daemon *d, const struct nat_addr *a,
		     enum midonet_op op, uint16_t first, uint32_t count)
{
	const struct mn_type *type = mn_type_of(MIDONET_OBJECT_TYPE_NAT_BLOCK);
	struct mn_model *m = mn_model_new(NULL);
	struct mn_change c = { .op = op, .attrs = ~0u };
	struct mn_obj *router, *block;
	struct mn_err err;

	router = mn_obj_new(m, mn_type_of(MIDONET_OBJECT_TYPE_ROUTER), NULL,
			    "router");
	mn_obj_set_id(m, router, &a->router);
	block = mn_obj_new(m, type, router, NULL);
	mn_vals_add(mn_obj_val(block, MIDONET_A_ADDRESS), a->addr, a->len);
	mn_vals_add(mn_obj_val(block, MIDONET_A_FIRST_PORT), &first,
		    sizeof(first));
	mn_vals_add(mn_obj_val(block, MIDONET_A_COUNT), &count, sizeof(count));
	c.obj = block;
	mn_store_change(d->kernel, m, &c, &err);
	mn_model_free(m);
}

/**
 * nat_kernel_commit() - put what was noted into force
 * @d: daemon
 * @err: for errors
 *
 * Return: 0 or a negative error
 */
int nat_kernel_commit(struct daemon *d, struct mn_err *err)
{
	return mirror_commit_state(d, err);
}
