/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_KUNIT_RULES_H
#define _MN_KUNIT_RULES_H

#include <linux/prandom.h>

#include "flow/key.h"
#include "topology.h"

#define T_PORTS		4
#define T_GROUPS	3
#define T_SETS		40
#define T_MEMBERS	6
#define T_CHAINS	5
#define T_RULES		64
#define T_RULES_FEW	8
#define T_WORDS		4
#define T_VALUES	3
#define T_SHAPES	3

struct t_prefix {
	u8 len;		/* 5 or 17 */
	u8 d[17];	/* as on the wire */
};

/* A word as its attributes say it. */
struct t_word {
	u8 attr;
	bool invert;
	u8 n;
	u32 num[T_VALUES];
	u8 mac[T_VALUES][12];
	struct t_prefix prefix[T_VALUES];
};

struct t_rule {
	u8 action;
	bool invert;
	u8 jump;
	u8 n_words;
	struct t_word words[T_WORDS];
};

/* A topology, as written down, not as compiled. */
struct t_model {
	struct rnd_state rnd;
	u8 groups_of[T_PORTS];	/* bits */
	u8 n_members[T_SETS];
	struct t_prefix members[T_SETS][T_MEMBERS];
	u8 n_rules[T_CHAINS];
	struct t_rule rules[T_CHAINS][T_RULES];
};

/* A packet and where it is; ports are numbers, -1 for none. */
struct t_packet {
	struct mn_flow_key key;
	int in;
	int device_in;
	int device_out;
};

static inline u32 t_below(struct t_model *m, u32 n)
{
	return prandom_u32_state(&m->rnd) % n;
}

/* rules_random.c */
void t_random_model(struct t_model *m);
void t_alike_model(struct t_model *m, int values);
void t_random_packet(struct t_model *m, struct t_packet *p);
/* rules_make.c */
void t_make_model(struct topo *t, const struct t_model *m);
void t_put_rule(struct topo *t, const struct t_rule *r);
/* rules_naive.c: accept, drop or reject; *chain, *pos of the rule that does not accept */
u8 t_naive(const struct t_model *m, const struct t_packet *p, int *chain,
	   int *pos);

#endif /* _MN_KUNIT_RULES_H */
