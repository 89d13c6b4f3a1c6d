// SPDX-License-Identifier: GPL-2.0
/*
 * net.midonet.*: what a namespace may hold and do.
 */
#include <linux/slab.h>
#include <linux/sysctl.h>
#include <linux/user_namespace.h>

#include "limits.h"
#include "net.h"

/* In a user namespace's network namespace: this part, and read only. */
#define USERNS_DIVISOR	16

static const struct mn_limits defaults = {
	.ports_max = 65536,
	.rules_max = 1048576,
	.routes_max = 2097152,
	.objects_max = 1048576,
	.set_members_max = 4194304,
	.macs_max = 1048576,
	.macs_per_port = 1024,
	.neighbours_max = 262144,
	.neighbours_per_port = 1024,
	.flows_max = 1048576,
	.flows_per_port = 131072,
	.masks_max = 16,
	.parked_max = 4096,
	.parked_per_port = 64,
	.icmp_rate = 100,
	.punt_rate = 50,
	.flood_rate = 10000,
	.flow_idle = 30,
	.conns_max = 1048576,
	.conns_per_port = 131072,
	.sticky_max = 262144,
	.sticky_per_port = 32768,
	.tcp_loose = 1,
	.timeout_tcp_syn = 120,
	.timeout_tcp_established = 432000,
	.timeout_tcp_fin = 120,
	.timeout_tcp_close = 10,
	.timeout_udp = 30,
	.timeout_udp_answered = 120,
	.timeout_icmp = 30,
	.timeout_generic = 600,
};

static unsigned int masks_most = 64;
static unsigned int most = 1 << 26;

#define LIMIT(_name, _max)						\
	{								\
		.procname = #_name,					\
		.data = (void *)offsetof(struct mn_limits, _name),	\
		.maxlen = sizeof(unsigned int),				\
		.mode = 0644,						\
		.proc_handler = proc_douintvec_minmax,			\
		.extra1 = SYSCTL_ONE,					\
		.extra2 = &(_max),					\
	}

#define SWITCH(_name)							\
	{								\
		.procname = #_name,					\
		.data = (void *)offsetof(struct mn_limits, _name),	\
		.maxlen = sizeof(unsigned int),				\
		.mode = 0644,						\
		.proc_handler = proc_douintvec_minmax,			\
		.extra1 = SYSCTL_ZERO,					\
		.extra2 = SYSCTL_ONE,					\
	}

static const struct ctl_table template[] = {
	LIMIT(ports_max, most),
	LIMIT(rules_max, most),
	LIMIT(routes_max, most),
	LIMIT(objects_max, most),
	LIMIT(set_members_max, most),
	LIMIT(macs_max, most),
	LIMIT(macs_per_port, most),
	LIMIT(neighbours_max, most),
	LIMIT(neighbours_per_port, most),
	LIMIT(flows_max, most),
	LIMIT(flows_per_port, most),
	LIMIT(masks_max, masks_most),
	LIMIT(parked_max, most),
	LIMIT(parked_per_port, most),
	LIMIT(icmp_rate, most),
	LIMIT(punt_rate, most),
	LIMIT(flood_rate, most),
	LIMIT(flow_idle, most),
	LIMIT(conns_max, most),
	LIMIT(conns_per_port, most),
	LIMIT(sticky_max, most),
	LIMIT(sticky_per_port, most),
	SWITCH(tcp_loose),
	LIMIT(timeout_tcp_syn, most),
	LIMIT(timeout_tcp_established, most),
	LIMIT(timeout_tcp_fin, most),
	LIMIT(timeout_tcp_close, most),
	LIMIT(timeout_udp, most),
	LIMIT(timeout_udp_answered, most),
	LIMIT(timeout_icmp, most),
	LIMIT(timeout_generic, most),
};

#define N_LIMITS	ARRAY_SIZE(template)

static void restrict_userns(struct mn_limits *limits, struct ctl_table *table)
{
	unsigned int i, *value;

	for (i = 0; i < N_LIMITS; i++) {
		table[i].mode = 0444;
		value = (unsigned int *)((char *)limits +
					 (unsigned long)template[i].data);
		*value = max(*value / USERNS_DIVISOR, 1u);
	}
	/* What is no amount stays as it is. */
	limits->flow_idle = defaults.flow_idle;
	limits->tcp_loose = defaults.tcp_loose;
	limits->timeout_tcp_syn = defaults.timeout_tcp_syn;
	limits->timeout_tcp_established = defaults.timeout_tcp_established;
	limits->timeout_tcp_fin = defaults.timeout_tcp_fin;
	limits->timeout_tcp_close = defaults.timeout_tcp_close;
	limits->timeout_udp = defaults.timeout_udp;
	limits->timeout_udp_answered = defaults.timeout_udp_answered;
	limits->timeout_icmp = defaults.timeout_icmp;
	limits->timeout_generic = defaults.timeout_generic;
}

/**
 * mn_limits_init() - set the defaults and show them under net.midonet
 * @mn: namespace
 *
 * Return: 0 or -ENOMEM
 */
int mn_limits_init(struct mn_net *mn)
{
	struct ctl_table *table;
	unsigned int i;

	mn->limits = defaults;
	/* One more: kernels before 6.6 want an empty entry at the end. */
	table = kcalloc(N_LIMITS + 1, sizeof(*table), GFP_KERNEL_ACCOUNT);
	if (!table)
		return -ENOMEM;
	memcpy(table, template, sizeof(template));
	if (mn->net->user_ns != &init_user_ns)
		restrict_userns(&mn->limits, table);
	for (i = 0; i < N_LIMITS; i++)
		table[i].data = (char *)&mn->limits +
				(unsigned long)template[i].data;
	mn->sysctl_table = table;
	mn->sysctl = register_net_sysctl_sz(mn->net, "net/midonet", table,
					    N_LIMITS);
	if (!mn->sysctl) {
		kfree(table);
		return -ENOMEM;
	}
	return 0;
}

/**
 * mn_limits_exit() - take net.midonet away
 * @mn: namespace
 */
void mn_limits_exit(struct mn_net *mn)
{
	unregister_net_sysctl_table(mn->sysctl);
	kfree(mn->sysctl_table);
}
