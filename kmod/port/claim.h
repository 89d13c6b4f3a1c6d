/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_CLAIM_H
#define _MN_CLAIM_H

#include <linux/list.h>
#include <linux/types.h>

struct mn_host;
struct mn_net;
struct mn_port;
struct mn_port_ver;

/**
 * DOC: Claims
 *
 * A tunnel key belongs to one port, and so does a device of a host. Who has
 * one, or is about to have it, is in one hash table. A claim is only a hint
 * where to look: what counts is the version the port will have when the commit
 * in progress is over, so that ports may swap what they have, and what a refused
 * commit leaves behind does no harm.
 */

/**
 * enum mn_claim_kind - what is claimed
 * @MN_CLAIM_KEY: a tunnel key
 * @MN_CLAIM_DEV: a device name
 * @MN_CLAIMS: how many kinds there are
 */
enum mn_claim_kind { MN_CLAIM_KEY, MN_CLAIM_DEV, MN_CLAIMS };

/**
 * struct mn_claim - a port in &mn_net.claims
 * @node: in the table; under mn_net.lock
 * @port: the port
 * @hash: of what is claimed
 */
struct mn_claim {
	struct hlist_node node;
	struct mn_port *port;
	u32 hash;
};

int mn_claims_init(struct mn_net *mn);
void mn_claims_exit(struct mn_net *mn);
int mn_claims_next(struct mn_net *mn, struct mn_port *port,
		   const struct mn_port_ver *v);
void mn_claims_publish(struct mn_net *mn, struct mn_port *port,
		       const struct mn_port_ver *v);
void mn_claims_drop(struct mn_net *mn, struct mn_port *port);
struct mn_port *mn_claim_find_key(struct mn_net *mn, u32 key,
				  const struct mn_port *but);
struct mn_port *mn_claim_find_dev(struct mn_net *mn, const char *dev,
				  const struct mn_host *host,
				  const struct mn_port *but);
void mn_claims_for_dev(struct mn_net *mn, const char *dev,
		       void (*fn)(struct mn_net *mn, struct mn_port *port));
bool mn_claims_maybe_dev(const struct mn_net *mn, const char *dev);

#endif /* _MN_CLAIM_H */
