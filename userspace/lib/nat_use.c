// SPDX-License-Identifier: GPL-2.0
/* Which ports of which addresses the routers of a topology give to sources. */
#include <stdlib.h>

#include "nat_use.h"

/**
 * struct walk - the chains that a router uses
 * @m: topology
 * @seen: number of the router that saw a chain last, by slot
 * @stack: chains to be looked at
 * @n: number of them
 * @router: number of the router, from 1
 */
struct walk {
	const struct mn_model *m;
	uint32_t *seen;
	const struct mn_obj **stack;
	size_t n;
	uint32_t router;
};

static void push(struct walk *w, const struct mn_obj *chain)
{
	if (!chain || w->seen[chain->slot] == w->router)
		return;
	w->seen[chain->slot] = w->router;
	w->stack[w->n++] = chain;
}

/* Without ports a source keeps its own, and its address follows from the old. */
static bool takes_ports(const struct mn_obj *rule, struct mn_target *t)
{
	return mn_rule_action(rule) == MIDONET_RULE_ACTION_SNAT &&
	       mn_rule_target(rule, t) && t->first_port;
}

static void look_at(struct walk *w, const struct mn_obj *router,
		    const struct mn_obj *chain, mn_snat_fn fn, void *arg)
{
	struct mn_target t;
	uint32_t i;

	for (i = 0; i < chain->n_kids; i++) {
		if (takes_ports(chain->kids[i], &t))
			fn(arg, router, &t);
		push(w, mn_obj_ref(w->m, chain->kids[i], MIDONET_A_CHAIN));
	}
}

/**
 * mn_model_snats() - find the translations of sources to ports
 * @m: topology
 * @fn: told of each, of some more than once
 * @arg: for @fn
 */
void mn_model_snats(const struct mn_model *m, mn_snat_fn fn, void *arg)
{
	const struct mn_objs *routers = &m->objs[MIDONET_OBJECT_TYPE_ROUTER];
	uint32_t n = m->objs[MIDONET_OBJECT_TYPE_CHAIN].n;
	struct walk w = {
		.m = m,
		.seen = mn_alloc(n * sizeof(*w.seen)),
		.stack = mn_alloc((n + 1) * sizeof(*w.stack)),
	};

	for (w.router = 1; w.router <= routers->n; w.router++) {
		const struct mn_obj *router = routers->objs[w.router - 1];

		push(&w, mn_obj_ref(m, router, MIDONET_A_OUT_CHAIN));
		while (w.n) {
			w.n--;
			look_at(&w, router, w.stack[w.n], fn, arg);
		}
	}
	free(w.seen);
	free(w.stack);
}
