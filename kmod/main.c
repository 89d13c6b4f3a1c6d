// SPDX-License-Identifier: GPL-2.0
/*
 * MidoNet: network virtualization in the kernel.
 */
#include <linux/module.h>
#include <linux/rcupdate.h>

#include "balance/balance.h"
#include "config/nl.h"
#include "flow/table.h"
#include "l2/fdb.h"
#include "l3/frag.h"
#include "l3/nbr.h"
#include "l3/route.h"
#include "net.h"
#include "overlay/chan.h"
#include "overlay/overlay.h"
#include "policy/chain.h"
#include "port/port.h"
#include "sim/count.h"
#include "sim/ctx.h"
#include "sim/drop.h"
#include "sim/park.h"
#include "state/conn.h"
#include "version.h"

/* In the order of loading; taken down in the reverse order. */
static const struct step {
	int (*init)(void);
	void (*exit)(void);
} steps[] = {
	{ mn_drop_caches_create, mn_drop_caches_destroy },
	{ mn_flow_caches_create, mn_flow_caches_destroy },
	{ mn_fdb_caches_create, mn_fdb_caches_destroy },
	{ mn_count_caches_create, mn_count_caches_destroy },
	{ mn_rules_caches_create, mn_rules_caches_destroy },
	{ mn_route_caches_create, mn_route_caches_destroy },
	{ mn_nbr_caches_create, mn_nbr_caches_destroy },
	{ mn_sticky_caches_create, mn_sticky_caches_destroy },
	{ mn_frag_caches_create, mn_frag_caches_destroy },
	{ mn_conn_caches_create, mn_conn_caches_destroy },
	{ mn_chan_caches_create, mn_chan_caches_destroy },
	{ mn_park_caches_create, mn_park_caches_destroy },
	{ mn_ctx_caches_create, mn_ctx_caches_destroy },
	{ mn_net_init, mn_net_exit },
	{ mn_vport_init, mn_vport_exit },
	{ mn_overlay_events_init, mn_overlay_events_exit },
	{ mn_nl_init, mn_nl_exit },
};

static void unwind(int n)
{
	while (n--) {
		/* What waits for a grace period comes from these caches. */
		if (steps[n].init == mn_ctx_caches_create)
			rcu_barrier();
		steps[n].exit();
	}
}

static int __init midonet_init(void)
{
	int i, err;

	for (i = 0; i < ARRAY_SIZE(steps); i++) {
		err = steps[i].init();
		if (err) {
			unwind(i);
			return err;
		}
	}
	return 0;
}

static void __exit midonet_exit(void)
{
	unwind(ARRAY_SIZE(steps));
}

module_init(midonet_init);
module_exit(midonet_exit);
MODULE_DESCRIPTION("MidoNet: virtual bridges, routers, firewalls and NAT without upcalls");
MODULE_AUTHOR("The MidoNet developers");
MODULE_LICENSE("GPL");
MODULE_VERSION(MN_VERSION);
MODULE_ALIAS_GENL_FAMILY(MIDONET_FAMILY_NAME);
