// SPDX-License-Identifier: GPL-2.0
/*
 * The index of a chain against the walk of its rules: the same rule from any
 * position on, nothing read that the walk does not read, and what a flow depends
 * on when sets change.
 */
#include <kunit/test.h>
#include <linux/slab.h>

#include "policy/chain.h"
#include "policy/chain_index.h"
#include "port/port.h"
#include "rules.h"
#include "sim/ctx.h"
#include "sim/dep.h"

#define MODELS		150
#define PACKETS		400
#define COMMITS		400
#define MANY		30	/* sets, each in a rule */
#define MEMBERS		24
#define ADDRESS		0x0a010203

struct member {
	bool in;
	u32 set;
	struct t_prefix p;
};

struct index {
	struct topo *t;
	struct t_model m;
	struct mn_ctx ctx;
	struct mn_ctx ctx2;
	struct member members[MEMBERS];
	struct mn_port *ports[T_PORTS];
	u32 found;
	u32 indexed;
};

static const struct mn_chain_ver *chain_now(struct index *x, u32 n)
{
	struct mn_obj *obj = topo_obj(x->t, MIDONET_OBJECT_TYPE_CHAIN, n);
	const struct mn_ver *v;

	mutex_lock(&x->t->mn->lock);
	v = mn_ver_end(x->t->mn, obj);
	mutex_unlock(&x->t->mn->lock);
	return mn_chain_ver(v);
}

static void begin(struct index *x, struct mn_ctx *ctx, const struct t_packet *p)
{
	const struct mn_pkt pkt = {};

	mn_ctx_init(ctx, x->t->mn, NULL, x->ports[p->in], &p->key, &pkt);
	ctx->device_in = x->ports[p->device_in];
	ctx->device_out = p->device_out < 0 ? NULL : x->ports[p->device_out];
	ctx->frag_alone = true;
}

/* By index (x->ctx) and without (x->ctx2). */
static u32 find(struct index *x, const struct mn_chain_ver *v,
		const struct t_packet *p, u32 from, u32 *walked)
{
	struct mn_chain_ver plain = *v;
	u32 pos;

	plain.index = NULL;
	local_bh_disable();
	rcu_read_lock();
	begin(x, &x->ctx, p);
	begin(x, &x->ctx2, p);
	pos = mn_chain_find(&x->ctx, v, from);
	*walked = mn_chain_find(&x->ctx2, &plain, from);
	rcu_read_unlock();
	local_bh_enable();
	return pos;
}

/*
 * Fields of which a part is read: the walk leaves a word at the first value that
 * holds, maybe a prefix without bits, and asks one set after another.
 */
static void widen(struct mn_flow_key *mask, const struct mn_flow_key *key,
		  bool lists, bool sets)
{
	if ((sets || lists) && mask->eth_type)
		memset(&mask->v6, 0xff,
		       key->eth_type == htons(ETH_P_IPV6) ? 32 : 8);
	if (!lists)
		return;
	memset(mask->eth_src, 0xff, sizeof(mask->eth_src));
	memset(mask->eth_dst, 0xff, sizeof(mask->eth_dst));
	if (mask->flags)
		mask->tcp_flags = 0xff;
}

static void compare_masks(struct kunit *test, struct index *x,
			  const struct t_packet *p, bool lists, bool sets)
{
	struct mn_flow_key may = x->ctx2.mask;
	u64 more = 0;
	int i;

	widen(&may, &p->key, lists, sets);
	for (i = 0; i < MN_KEY_WORDS; i++)
		more |= x->ctx.mask.w[i] & ~may.w[i];
	if (!more && x->ctx.l4_read == x->ctx2.l4_read)
		return;
	KUNIT_FAIL(test, "key %*ph read %*ph (l4 %d), by a walk %*ph (l4 %d)",
		   (int)sizeof(p->key), &p->key,
		   (int)sizeof(may), &x->ctx.mask, x->ctx.l4_read,
		   (int)sizeof(may), &x->ctx2.mask, x->ctx2.l4_read);
}

static void compare(struct kunit *test, struct index *x, u32 chain, bool lists)
{
	const struct mn_chain_ver *v = chain_now(x, chain);
	u32 from = t_below(&x->m, v->n + 1), pos, walked;
	struct t_packet p;

	t_random_packet(&x->m, &p);
	pos = find(x, v, &p, from, &walked);
	if (pos != walked)
		KUNIT_FAIL(test, "chain %u from %u: %u, by a walk %u, key %*ph",
			   chain, from, pos, walked, (int)sizeof(p.key), &p.key);
	pos = find(x, v, &p, 0, &walked);
	if (pos != walked)
		KUNIT_FAIL(test, "chain %u: %u, by a walk %u, key %*ph", chain,
			   pos, walked, (int)sizeof(p.key), &p.key);
	compare_masks(test, x, &p, lists, v->index && v->index->n_sets);
	x->found += pos < v->n;
	x->indexed += !!v->index;
}

static void setup(struct index *x, int values)
{
	int i;

	t_alike_model(&x->m, values);
	t_make_model(x->t, &x->m);
	for (i = 0; i < T_PORTS; i++)
		x->ports[i] = mn_port_of(topo_obj(x->t,
						  MIDONET_OBJECT_TYPE_PORT, i));
}

static struct index *index_new(struct kunit *test)
{
	struct index *x = kunit_kzalloc(test, sizeof(*x), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, x);
	x->t = test->priv;
	prandom_seed_state(&x->m.rnd, topo_seed(test));
	return x;
}

static void test_walk(struct kunit *test)
{
	struct index *x = index_new(test);
	int i, j;

	for (i = 0; i < MODELS && !test->status; i++) {
		setup(x, i % 2 ? T_VALUES : 1);
		for (j = 0; j < PACKETS && !test->status; j++)
			compare(test, x, j % T_CHAINS, i % 2);
		topo_clear(x->t);
		cond_resched();
	}
	kunit_info(test, "%u of %d look-ups in an index, %u found a rule\n",
		   x->indexed, MODELS * PACKETS, x->found);
	KUNIT_EXPECT_GT(test, x->indexed, MODELS * PACKETS / 2);
	KUNIT_EXPECT_GT(test, x->found, MODELS * PACKETS / 10);
	KUNIT_EXPECT_LT(test, x->found, MODELS * PACKETS * 9 / 10);
}

/* Rules by hand. */

static noinline_for_stack void stage_rule(struct topo *t, u32 n,
					  const struct t_rule *r)
{
	topo_op(t);
	topo_put_id(t, MIDONET_A_ID, MIDONET_OBJECT_TYPE_RULE, n);
	topo_put_id(t, MIDONET_A_PARENT, MIDONET_OBJECT_TYPE_CHAIN, 0);
	t_put_rule(t, r);
	topo_stage(t, MIDONET_OBJECT_TYPE_RULE, MN_VERB_NEW);
}

static noinline_for_stack void commit_ok(struct topo *t)
{
	KUNIT_ASSERT_EQ_MSG(t->test, 0, topo_commit(t, false), "%s", t->error);
}

static void put_number(struct t_rule *r, u8 attr, u32 num)
{
	struct t_word *w = &r->words[r->n_words++];

	w->attr = attr;
	w->n = 1;
	w->num[0] = num;
}

static struct t_prefix prefix(u8 plen, u32 addr)
{
	struct t_prefix p = { .len = 5, .d[0] = plen };
	__be32 wire = htonl(addr);

	memcpy(&p.d[1], &wire, sizeof(wire));
	return p;
}

static struct t_packet packet(u32 src)
{
	return (struct t_packet){
		.key = {
			.eth_type = htons(ETH_P_IP),
			.proto = IPPROTO_UDP,
			.flags = MN_KEY_L4,
			.tp_dst = htons(53),
			.v4.src = htonl(src),
		},
		.device_out = -1,
	};
}

/* Bytes of the index of @n rules: proto tcp src 10.x.y.z dst-port. */
static size_t bytes_of(struct index *x, u32 n)
{
	struct t_rule *r = kunit_kzalloc(x->t->test, sizeof(*r), GFP_KERNEL);
	size_t size;
	u32 i;

	KUNIT_ASSERT_NOT_NULL(x->t->test, r);
	topo_begin(x->t);
	topo_new(x->t, MIDONET_OBJECT_TYPE_CHAIN, 0, "kunit-c");
	for (i = 0; i < n; i++) {
		memset(r, 0, sizeof(*r));
		r->action = MIDONET_RULE_ACTION_DROP;
		put_number(r, MIDONET_MATCH_PROTO, IPPROTO_TCP);
		put_number(r, MIDONET_MATCH_SRC, 0);
		r->words[1].prefix[0] = prefix(32, 0x0a000000 + i);
		put_number(r, MIDONET_MATCH_DST_PORT, i << 16 | i);
		stage_rule(x->t, i, r);
	}
	commit_ok(x->t);
	KUNIT_ASSERT_NOT_NULL(x->t->test, chain_now(x, 0)->index);
	size = mn_chain_index_size(chain_now(x, 0)->index);
	/* what kmalloc() makes of it */
	if (size <= 4096)
		size = ksize(chain_now(x, 0)->index);
	topo_clear(x->t);
	return size;
}

static void test_memory(struct kunit *test)
{
	static const u32 lengths[] = { 10, 100, 3000 };
	struct index *x = index_new(test);
	size_t size;
	int i;

	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		size = bytes_of(x, lengths[i]);
		kunit_info(test, "%u rules: %zu bytes, %zu each\n", lengths[i],
			   size, size / lengths[i]);
		KUNIT_EXPECT_LE(test, size, 16ul * lengths[i]);
	}
}

/* Rules that name many sets each; even ones go on with a port. */
static void make_sets(struct index *x, u32 n)
{
	struct topo *t = x->t;
	struct t_rule *r = kunit_kzalloc(t->test, sizeof(*r), GFP_KERNEL);
	char name[16];
	u32 i;

	KUNIT_ASSERT_NOT_NULL(t->test, r);
	topo_begin(t);
	topo_new(t, MIDONET_OBJECT_TYPE_CHAIN, 0, "kunit-c");
	for (i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "kunit-s%u", i);
		topo_new(t, MIDONET_OBJECT_TYPE_IP_SET, i, name);
		memset(r, 0, sizeof(*r));
		r->action = MIDONET_RULE_ACTION_DROP;
		put_number(r, MIDONET_MATCH_SRC_SET, i);
		if (i % 2 == 0)
			put_number(r, MIDONET_MATCH_DST_PORT, 53 << 16 | 53);
		stage_rule(t, i, r);
	}
	commit_ok(t);
	KUNIT_ASSERT_NOT_NULL(t->test, chain_now(x, 0)->index);
	KUNIT_ASSERT_EQ(t->test, 1, (int)chain_now(x, 0)->index->n_sets);
}

static noinline_for_stack
void stage_member(struct topo *t, u8 verb, u32 set, const struct t_prefix *p)
{
	topo_op(t);
	topo_put_id(t, MIDONET_A_PARENT, MIDONET_OBJECT_TYPE_IP_SET, set);
	nla_put(t->msg, MIDONET_A_MEMBERS, p->len, p->d);
	topo_stage(t, MIDONET_OBJECT_TYPE_IP_SET_MEMBER, verb);
}

static bool outdated(struct index *x, const struct mn_ctx *ctx)
{
	int i;

	for (i = 0; i < ctx->n_deps; i++) {
		if (mn_dep_read(x->t->mn, ctx->deps[i].slot) !=
		    ctx->deps[i].val)
			return true;
	}
	return false;
}

static void toggle(struct index *x)
{
	struct member *m = &x->members[t_below(&x->m, MEMBERS)];

	topo_begin(x->t);
	stage_member(x->t, m->in ? MN_VERB_DEL : MN_VERB_NEW, m->set, &m->p);
	commit_ok(x->t);
	m->in = !m->in;
}

/* Half of them have the address. */
static void make_members(struct index *x)
{
	u32 i, addr;
	u8 plen;

	for (i = 0; i < MEMBERS; i++) {
		plen = 6 + i;
		addr = ADDRESS ^ (i % 2) << (32 - plen);
		x->members[i].set = i;
		x->members[i].p = prefix(plen, addr & ~0u << (32 - plen));
	}
}

/* Members come and go: a flow whose answer would be another one is outdated. */
static void test_sets(struct kunit *test)
{
	struct index *x = index_new(test);
	u32 pos, walked, before, changed = 0, kept = 0;
	struct t_packet p = packet(ADDRESS);
	struct mn_ctx *ctx = kunit_kzalloc(test, sizeof(*ctx), GFP_KERNEL);
	int i;

	KUNIT_ASSERT_NOT_NULL(test, ctx);
	make_sets(x, MANY);
	make_members(x);
	before = find(x, chain_now(x, 0), &p, 0, &walked);
	*ctx = x->ctx;
	for (i = 0; i < COMMITS && !test->status; i++) {
		toggle(x);
		pos = find(x, chain_now(x, 0), &p, 0, &walked);
		KUNIT_EXPECT_EQ(test, pos, walked);
		KUNIT_EXPECT_TRUE(test, x->ctx.cacheable);
		if (pos != before)
			KUNIT_EXPECT_TRUE(test, outdated(x, ctx));
		changed += pos != before;
		kept += !outdated(x, ctx);
		before = pos;
		*ctx = x->ctx;
	}
	kunit_info(test, "%u changes, %u of %d commits outdated nothing\n",
		   changed, kept, COMMITS);
	KUNIT_EXPECT_GT(test, changed, COMMITS / 80u);
	KUNIT_EXPECT_GT(test, kept, COMMITS / 80u);
}

/* An address in so many sets that rules are walked. */
static void test_too_many(struct kunit *test)
{
	struct t_prefix wide = prefix(8, 0x0a000000);
	struct t_prefix narrow = prefix(32, ADDRESS);
	struct t_packet p = packet(ADDRESS);
	struct index *x = index_new(test);
	u32 from, pos, walked, i;

	p.key.tp_dst = htons(54);
	make_sets(x, T_SETS);
	topo_begin(x->t);
	for (i = 0; i < T_SETS; i++) {
		stage_member(x->t, MN_VERB_NEW, i, &wide);
		if (i % 3 == 0)
			stage_member(x->t, MN_VERB_NEW, i, &narrow);
	}
	commit_ok(x->t);
	for (from = 0; from <= T_SETS; from++) {
		pos = find(x, chain_now(x, 0), &p, from, &walked);
		KUNIT_EXPECT_EQ(test, pos, walked);
		KUNIT_EXPECT_EQ(test, pos, from | 1);
		if (from == T_SETS - 1)
			break;
	}
}

/* A version with the same rules has the same index; another has its own. */
static void test_versions(struct kunit *test)
{
	struct index *x = index_new(test);
	const struct mn_chain_index *old;
	const struct mn_chain_ver *v;
	struct t_rule r = {
		.action = MIDONET_RULE_ACTION_DROP,
	};

	make_sets(x, MANY);
	v = chain_now(x, 0);
	old = v->index;
	topo_begin(x->t);
	stage_rule(x->t, MANY, &r);
	KUNIT_EXPECT_EQ(test, 0, topo_commit(x->t, true));
	KUNIT_EXPECT_PTR_EQ(test, v, chain_now(x, 0));
	KUNIT_EXPECT_PTR_EQ(test, old, (const struct mn_chain_index *)v->index);
	KUNIT_EXPECT_TRUE(test, list_is_singular(&x->t->mn->indexed_sets));
	topo_begin(x->t);
	stage_rule(x->t, MANY, &r);
	commit_ok(x->t);
	v = chain_now(x, 0);
	KUNIT_EXPECT_PTR_NE(test, old, (const struct mn_chain_index *)v->index);
	KUNIT_EXPECT_NOT_NULL(test, v->index);
	topo_clear(x->t);
	flush_work(&x->t->mn->grave_work);
	KUNIT_EXPECT_TRUE(test, list_empty(&x->t->mn->indexed_sets));
}

static int index_init(struct kunit *test)
{
	test->priv = kunit_kzalloc(test, sizeof(struct topo), GFP_KERNEL);
	return test->priv ? topo_init(test->priv, test) : -ENOMEM;
}

static void index_exit(struct kunit *test)
{
	struct topo *t = test->priv;

	if (t)
		topo_exit(t);
}

static struct kunit_case index_cases[] = {
	KUNIT_CASE(test_walk),
	KUNIT_CASE(test_memory),
	KUNIT_CASE(test_sets),
	KUNIT_CASE(test_too_many),
	KUNIT_CASE(test_versions),
	{}
};

static struct kunit_suite index_suite = {
	.name = "midonet-chain-index",
	.init = index_init,
	.exit = index_exit,
	.test_cases = index_cases,
};

kunit_test_suite(index_suite);
