// SPDX-License-Identifier: GPL-2.0
/*
 * Rules that nothing is wrong with and that never do anything: words that exclude
 * each other, ports of a device where their chain is not used, rules behind one
 * that decides about every packet. And VIPs that nobody serves.
 */
#include <stdlib.h>
#include <string.h>

#include "doc.h"

/* So many steps are spent on where chains are used; then no more is said. */
#define BUDGET	4000000

/**
 * struct use - an attachment of a chain
 * @next: another one of the chain
 * @user: bridge, router or port
 * @in: as its in-chain
 */
struct use {
	struct use *next;
	const struct mn_obj *user;
	bool in;
};

/**
 * struct jumper - a jump to a chain
 * @next: another one to it
 * @from: chain with the rule
 */
struct jumper {
	struct jumper *next;
	const struct mn_obj *from;
};

/**
 * struct warner - a search for such rules
 * @m: topology
 * @fn: told of them
 * @arg: for @fn
 * @uses: by slot of the chain; NULL until it is needed
 * @jumpers: by slot of the chain
 * @seen: by slot: number of the last search that was there
 * @stack: chains of the current search
 * @search: its number
 * @budget: steps left
 */
struct warner {
	const struct mn_model *m;
	mn_warn_fn fn;
	void *arg;
	struct use **uses;
	struct jumper **jumpers;
	uint32_t *seen;
	const struct mn_obj **stack;
	uint32_t search;
	uint32_t budget;
};

static void add_use(struct warner *w, const struct mn_obj *user, bool in)
{
	const struct mn_obj *chain = mn_obj_ref(w->m, user, in ?
						MIDONET_A_IN_CHAIN :
						MIDONET_A_OUT_CHAIN);
	struct use *use;

	if (!chain)
		return;
	use = mn_alloc(sizeof(*use));
	use->user = user;
	use->in = in;
	use->next = w->uses[chain->slot];
	w->uses[chain->slot] = use;
}

/* Who uses which chain, directly and by jump. */
static void index_uses(struct warner *w)
{
	static const int users[] = {
		MIDONET_OBJECT_TYPE_BRIDGE, MIDONET_OBJECT_TYPE_ROUTER,
		MIDONET_OBJECT_TYPE_PORT,
	};
	const struct mn_objs *rules = &w->m->objs[MIDONET_OBJECT_TYPE_RULE];
	uint32_t n = w->m->objs[MIDONET_OBJECT_TYPE_CHAIN].n, i;
	const struct mn_objs *objs;
	const struct mn_obj *to;
	struct jumper *jumper;
	size_t t;

	w->uses = mn_alloc(n * sizeof(*w->uses));
	w->jumpers = mn_alloc(n * sizeof(*w->jumpers));
	w->seen = mn_alloc(n * sizeof(*w->seen));
	w->stack = mn_alloc(n * sizeof(*w->stack));
	for (t = 0; t < MN_ARRAY_SIZE(users); t++) {
		objs = &w->m->objs[users[t]];
		for (i = 0; i < objs->n; i++) {
			add_use(w, objs->objs[i], true);
			add_use(w, objs->objs[i], false);
		}
	}
	for (i = 0; i < rules->n; i++) {
		to = mn_obj_ref(w->m, rules->objs[i], MIDONET_A_CHAIN);
		if (!to)
			continue;
		jumper = mn_alloc(sizeof(*jumper));
		jumper->from = rules->objs[i]->parent;
		jumper->next = w->jumpers[to->slot];
		w->jumpers[to->slot] = jumper;
	}
}

static void drop_index(struct warner *w)
{
	uint32_t n = w->m->objs[MIDONET_OBJECT_TYPE_CHAIN].n, i;
	struct jumper *jumper;
	struct use *use;

	for (i = 0; w->uses && i < n; i++) {
		while ((use = w->uses[i])) {
			w->uses[i] = use->next;
			free(use);
		}
		while ((jumper = w->jumpers[i])) {
			w->jumpers[i] = jumper->next;
			free(jumper);
		}
	}
	free(w->uses);
	free(w->jumpers);
	free(w->seen);
	free(w->stack);
}

static bool is_port(const struct mn_obj *obj)
{
	return obj->type->type == MIDONET_OBJECT_TYPE_PORT;
}

/* May a packet that a chain is asked about there have entered by a port? */
static bool may_enter(const struct use *use, const struct mn_obj *port)
{
	if (is_port(use->user))
		return use->in ? port == use->user :
				 port->parent == use->user->parent;
	return port->parent == use->user;
}

/* May it be about to leave by it? That is known only on the way out. */
static bool may_leave(const struct use *use, const struct mn_obj *port)
{
	if (use->in)
		return false;
	return is_port(use->user) ? port == use->user :
				    port->parent == use->user;
}

/* Is any of a word's ports one where a use of the chain may meet it? */
static bool may_hold(struct warner *w, const struct mn_vals *ports,
		     const struct use *use, bool out)
{
	const struct mn_obj *port;
	struct mn_uuid id;
	const uint8_t *p;

	for (; use; use = use->next) {
		mn_vals_for_each(p, ports) {
			memcpy(id.b, p + 1, MN_UUID_LEN);
			port = mn_model_find_id(w->m, &id);
			if (w->budget)
				w->budget--;
			if (!port || !w->budget ||
			    (out ? may_leave : may_enter)(use, port))
				return true;
		}
	}
	return false;
}

/*
 * Look through all uses of a rule's chain. Return: one of them if the word can
 * hold in none, NULL if it can or the chain is not used.
 */
static const struct use *misses(struct warner *w, const struct mn_obj *rule,
				const struct mn_vals *ports, bool out)
{
	const struct mn_obj *chain;
	const struct use *any = NULL;
	struct jumper *j;
	size_t n = 0;

	w->search++;
	w->stack[n++] = rule->parent;
	w->seen[rule->parent->slot] = w->search;
	while (n) {
		chain = w->stack[--n];
		if (may_hold(w, ports, w->uses[chain->slot], out))
			return NULL;
		any = any ?: w->uses[chain->slot];
		for (j = w->jumpers[chain->slot]; j; j = j->next) {
			if (w->budget)
				w->budget--;
			if (w->seen[j->from->slot] == w->search)
				continue;
			w->seen[j->from->slot] = w->search;
			w->stack[n++] = j->from;
		}
	}
	return w->budget ? any : NULL;
}

static void tell(const struct warner *w, const struct mn_obj *rule,
		 const struct mn_buf *text)
{
	bool not = rule->vals[mn_type_wire(rule->type, MIDONET_A_NOT)];
	struct mn_buf all = {};

	mn_buf_printf(&all, "%s: %s", text->s, not ?
		      "with not, the rule matches every packet" :
		      "the rule matches nothing");
	w->fn(w->arg, rule, all.s);
	mn_buf_free(&all);
}

/* Without all rules nobody knows who jumps where. */
static bool knows_jumps(const struct mn_model *m)
{
	return !m->store || (m->loaded >> MIDONET_OBJECT_TYPE_RULE & 1);
}

/* in-port, or @out out-port, of devices where the chain is not used. */
static bool warn_place(struct warner *w, const struct mn_obj *rule, bool out)
{
	int word = out ? MIDONET_MATCH_OUT_PORT : MIDONET_MATCH_IN_PORT;
	const struct mn_attr *a = mn_match_word(out ? "out-port" : "in-port");
	const struct mn_vals *ports = rule->match.words[word];
	struct mn_buf text = {}, user = {};
	const struct use *use;

	if (!ports || (rule->match.invert >> word & 1) || !knows_jumps(w->m))
		return false;
	if (!w->uses)
		index_uses(w);
	use = misses(w, rule, ports, out);
	if (!use)
		return false;
	mn_obj_full_name(use->user, &user);
	mn_buf_printf(&text, "%s ", a->word);
	mn_match_print_word(&rule->match, a, &w->m->names, &text);
	mn_buf_printf(&text, " is never where chain %s is used (%s of %s %s)",
		      rule->parent->name, use->in ? "in-chain" : "out-chain",
		      use->user->type->word, user.s);
	tell(w, rule, &text);
	mn_buf_free(&text);
	mn_buf_free(&user);
	return true;
}

static void warn_words(struct warner *w, const struct mn_obj *rule)
{
	struct mn_buf text = {};

	if (mn_match_never(w->m, &rule->match, &text))
		tell(w, rule, &text);
	else if (!warn_place(w, rule, false))
		warn_place(w, rule, true);
	mn_buf_free(&text);
}

/* Does a rule end its chain for every packet? */
static bool decides_all(const struct mn_obj *rule)
{
	if (!mn_match_empty(&rule->match) ||
	    rule->vals[mn_type_wire(rule->type, MIDONET_A_NOT)])
		return false;
	switch (mn_rule_action(rule)) {
	case MIDONET_RULE_ACTION_ACCEPT:
	case MIDONET_RULE_ACTION_DROP:
	case MIDONET_RULE_ACTION_REJECT:
	case MIDONET_RULE_ACTION_RETURN:
		return true;
	}
	return false;
}

/* Position of the first rule of a chain that decides about all, 0 if none. */
static uint32_t last_reached(const struct mn_obj *chain)
{
	uint32_t i;

	for (i = 0; i < chain->n_kids; i++) {
		if (decides_all(chain->kids[i]))
			return i + 1;
	}
	return 0;
}

static void warn_unreached(const struct warner *w, const struct mn_obj *rule,
			   uint32_t last)
{
	struct mn_buf text = {};

	mn_buf_printf(&text, "is never reached: rule %u of the chain decides about every packet",
		      last);
	w->fn(w->arg, rule, text.s);
	mn_buf_free(&text);
}

static const struct mn_vals *val(const struct mn_obj *obj, int wire)
{
	return obj->vals[mn_type_wire(obj->type, wire)];
}

/* Is an address in a subnet of a router's port? */
static bool on_link(const struct mn_obj *router, const struct mn_vals *addr)
{
	const struct mn_obj *port;
	const uint8_t *p;
	uint32_t i;

	for (i = 0; i < router->n_kids; i++) {
		port = router->kids[i];
		if (!is_port(port))
			continue;
		mn_vals_for_each(p, val(port, MIDONET_A_ADDRESSES)) {
			if (*p == addr->data[0] + 1 &&
			    mn_prefix_holds(p + 1, *p, addr->data + 1,
					    addr->data[0]))
				return true;
		}
	}
	return false;
}

/* A router that answers for an address asks nobody else for it. */
static bool shadows_member(const struct mn_model *m, const struct mn_obj *vip,
			   const struct mn_obj *pool)
{
	const struct mn_obj *router = mn_obj_ref(m, vip->parent,
						 MIDONET_A_ROUTER);
	const struct mn_vals *addr = val(vip, MIDONET_A_ADDRESS);
	uint32_t i;

	for (i = 0; router && i < pool->n_kids; i++) {
		if (mn_vals_equal(val(pool->kids[i], MIDONET_A_ADDRESS), addr))
			return on_link(router, addr);
	}
	return false;
}

/* A VIP that nobody serves, or that cannot find who does. */
static void warn_vip(const struct mn_model *m, const struct mn_obj *vip,
		     mn_warn_fn fn, void *arg)
{
	const struct mn_obj *pool = mn_obj_ref(m, vip, MIDONET_A_POOL);
	struct mn_buf text = {};

	if (!pool)
		return;
	if (!pool->n_kids)
		mn_buf_printf(&text, "pool %s has no members: nobody serves the VIP",
			      pool->name);
	else if (shadows_member(m, vip, pool))
		mn_buf_printf(&text,
			      "is where a member of pool %s is: the router answers for the address in its subnet, and does not find the member",
			      pool->name);
	if (text.len)
		fn(arg, vip, text.s);
	mn_buf_free(&text);
}

static void warn_vips(const struct mn_model *m, mn_warn_fn fn, void *arg)
{
	const struct mn_objs *vips = &m->objs[MIDONET_OBJECT_TYPE_VIP];
	uint32_t i;

	for (i = 0; i < vips->n; i++) {
		if (vips->objs[i]->src >= 0)
			warn_vip(m, vips->objs[i], fn, arg);
	}
}

/**
 * mn_doc_warn() - rules of a document that never do anything, VIPs without members
 * @m: what it says
 * @fn: told of each; of those behind a decision the first of a chain
 * @arg: for @fn
 */
void mn_doc_warn(const struct mn_model *m, mn_warn_fn fn, void *arg)
{
	const struct mn_objs *chains = &m->objs[MIDONET_OBJECT_TYPE_CHAIN];
	struct warner w = { .m = m, .fn = fn, .arg = arg, .budget = BUDGET };
	const struct mn_obj *chain;
	uint32_t i, k, last;

	for (i = 0; i < chains->n; i++) {
		chain = chains->objs[i];
		last = last_reached(chain);
		for (k = 0; k < chain->n_kids; k++) {
			/* In a merge others are there that nobody spoke of. */
			if (chain->kids[k]->src < 0)
				continue;
			if (last && k >= last) {
				warn_unreached(&w, chain->kids[k], last);
				break;
			}
			warn_words(&w, chain->kids[k]);
		}
	}
	drop_index(&w);
	warn_vips(m, fn, arg);
}

/**
 * mn_rule_astray() - does a rule name ports that are not where its chain is
 * @m: topology with all devices and ports; rules may be missing
 * @rule: rule
 *
 * Return: whether that is so wherever its chain is attached, which it is; if all
 * rules are there mn_rule_warn() knows where else it is used
 */
bool mn_rule_astray(const struct mn_model *m, const struct mn_obj *rule)
{
	struct warner w = { .m = m, .budget = BUDGET };
	const struct mn_match *match = &rule->match;
	const struct mn_vals *ports;
	const struct use *use;
	bool astray = false;
	int word;

	index_uses(&w);
	use = w.uses[rule->parent->slot];
	for (word = MIDONET_MATCH_IN_PORT; use && word <= MIDONET_MATCH_OUT_PORT;
	     word++) {
		ports = match->words[word];
		astray |= ports && !(match->invert >> word & 1) &&
			  !may_hold(&w, ports, use,
				    word == MIDONET_MATCH_OUT_PORT);
	}
	drop_index(&w);
	return astray;
}

/**
 * mn_rule_warn() - the same of one rule
 * @m: topology with its chain; where chains are used only if that was loaded
 * @rule: rule, numbered unless @alone
 * @alone: leave the other rules of the chain out of it
 * @fn: told why it does nothing
 * @arg: for @fn
 */
void mn_rule_warn(const struct mn_model *m, const struct mn_obj *rule,
		  bool alone, mn_warn_fn fn, void *arg)
{
	struct warner w = { .m = m, .fn = fn, .arg = arg, .budget = BUDGET };
	const struct mn_obj *chain = rule->parent;
	uint32_t last = alone ? 0 : last_reached(chain);
	struct mn_buf text = {};

	if (last && last < rule->pos) {
		warn_unreached(&w, rule, last);
	} else if (last && last == rule->pos && last < chain->n_kids) {
		mn_buf_puts(&text, "decides about every packet: no rule behind it in chain ");
		mn_buf_printf(&text, "%s is reached", chain->name);
		fn(arg, rule, text.s);
	} else {
		warn_words(&w, rule);
	}
	mn_buf_free(&text);
	drop_index(&w);
}
