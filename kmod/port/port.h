/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_PORT_H
#define _MN_PORT_H

#include <linux/if_ether.h>
#include <linux/if_vlan.h>
#include <linux/in6.h>
#include <linux/netdevice.h>
#include <linux/spinlock_types.h>

#include "config/object.h"
#include "flow/key.h"
#include "l3/nbr.h"
#include "port/bucket.h"
#include "port/claim.h"
#include "port/key.h"

struct mn_bridge;
struct mn_chain;
struct mn_group;
struct mn_host;

/* Outer Ethernet, IPv6, UDP and VXLAN or Geneve, with some to spare. */
#define MN_HEADROOM	96

/**
 * struct mn_allowed - one of a port's allowed-addresses
 * @mac: MAC
 * @family: AF_INET, AF_INET6, or 0: any address of this MAC
 * @plen: prefix length
 * @addr: prefix; an IPv4 address is in the first word
 */
struct mn_allowed {
	u8 mac[ETH_ALEN];
	u8 family;
	u8 plen;
	struct in6_addr addr;
};

/**
 * struct mn_address - one of a router port's addresses
 * @family: AF_INET or AF_INET6
 * @plen: length of its subnet's prefix
 * @addr: the address itself; an IPv4 address is in the first word
 */
struct mn_address {
	u8 family;
	u8 plen;
	struct in6_addr addr;
};

/**
 * struct mn_port_ver - configuration of a port
 * @ver: head
 * @admin_up: may carry packets
 * @mac: the VM's MAC, zero if not given; a router port's own, never zero
 * @vlan: VLAN of an interior port, 0 for none
 * @peer: the port it is linked to; both sides name each other
 * @host: host it is bound to, or NULL
 * @dev: device, empty for none
 * @in_chain: for what enters the device
 * @out_chain: for what leaves it
 * @mac_limit: most learned MACs
 * @tunnel_key: its key in the overlay
 * @mtu: L3 bytes, 0 for the device's
 * @n_groups: number of @groups
 * @n_allowed: number of &struct mn_allowed behind @groups
 * @n_addresses: number of &struct mn_address behind those
 * @groups: port-groups
 */
struct mn_port_ver {
	struct mn_ver ver;
	bool admin_up;
	u8 mac[ETH_ALEN];
	u16 vlan;
	struct mn_port *peer;
	struct mn_host *host;
	char dev[IFNAMSIZ];
	struct mn_chain *in_chain;
	struct mn_chain *out_chain;
	u32 mac_limit;
	u32 tunnel_key;
	u32 mtu;
	u16 n_groups;
	u16 n_allowed;
	u16 n_addresses;
	struct mn_group *groups[];
};

static inline const struct mn_allowed *
mn_port_allowed(const struct mn_port_ver *v)
{
	return (const struct mn_allowed *)&v->groups[v->n_groups];
}

static inline const struct mn_address *
mn_port_addresses(const struct mn_port_ver *v)
{
	return (const struct mn_address *)(mn_port_allowed(v) + v->n_allowed);
}

/**
 * struct mn_port_stats - counters of a port, or of a peer (overlay/peer.h), on one CPU
 * @rx_packets: into the virtual device, a GSO packet counted as its segments
 * @rx_bytes: with Ethernet headers
 * @tx_packets: out of the virtual device
 * @tx_bytes: with Ethernet headers
 * @drops: dropped because of what entered here
 *
 * Written with BH disabled, 64-bit loads and stores are atomic.
 */
struct mn_port_stats {
	u64 rx_packets;
	u64 rx_bytes;
	u64 tx_packets;
	u64 tx_bytes;
	u64 drops;
};

/**
 * struct mn_reason - why a port or a tunnel-zone has its state
 * @rcu: for freeing
 * @text: with what to do
 */
struct mn_reason {
	struct rcu_head rcu;
	char text[];
};

/**
 * struct mn_port - identity of a port
 * @obj: head; obj.parent is the device; obj.siblings is in the ports of
 *	the bridge or router
 * @mn: namespace
 * @dev: attached device, or NULL; RCU for packets, rtnl and mn_net.lock to
 *	change; it holds a reference (@tracker) while attached
 * @state: &enum midonet_port_state; written under mn_net.lock, read lockless
 * @stats: counters per CPU
 * @flood: rate of floods that enter here
 * @icmp: rate of answers, @punt: rate of punts
 * @punt: see @icmp
 * @n_macs: MACs learned here
 * @macs: they, &mn_fdb.by_port; RCU, writers mn_bridge.fdb_lock
 * @macs_full: a MAC was not learned for want of room
 * @statics: static MACs here, &mn_static_mac.by_port; under mn_net.lock
 * @derived: neighbours its addresses make of it on a bridge, and static ones
 *	behind it, &mn_static_neigh.by_port; under mn_net.lock
 * @nbrs: learned neighbours of a router port
 * @routes: routes through it (l3/route.c); under mn_net.lock
 * @n_flows: flows that entered here
 * @n_unproven: those of them that no packet has hit yet
 * @n_parked: packets parked that entered here
 * @n_conns: connections that were opened here, each counted in one device
 * @conns_unanswered: all that were, in every device, &mn_conn.by_port, oldest
 *	first; under mn_conn_lock_of()
 * @conns_answered: see @conns_unanswered; in no order
 * @now: what its newest version claims; under mn_net.lock
 * @next: what its pending version claims; under mn_net.lock
 * @keys: it by its tunnel key: what it has, and what it is about to have
 * @key_now: which of @keys is the first; under mn_net.lock
 * @named: when the transaction in progress named its peer, 0: it did not; valid
 *	while there is a pending version; under mn_net.lock
 * @sync: in &mn_net.sync, with a reference; under mn_net.lock
 * @reason: why @state is what it is, or NULL; written under mn_net.lock
 * @tracker: of @dev
 * @punts: punts so far
 * @gateway: MAC whom shared frames were sent to that a router changed, as a number;
 *	a hint
 */
struct mn_port {
	struct mn_obj obj;
	struct mn_net *mn;
	struct net_device __rcu *dev;
	struct mn_port_stats __percpu *stats;
	u8 state;
	struct mn_bucket flood;
	struct mn_bucket icmp;
	struct mn_bucket punt;
	atomic_t n_macs;
	struct hlist_head macs;
	bool macs_full;
	struct hlist_head statics;
	struct hlist_head derived;
	struct mn_port_nbrs nbrs;
	struct hlist_head routes;
	atomic_t n_flows;
	atomic_t n_unproven;
	atomic_t n_parked;
	atomic_t n_conns;
	struct list_head conns_unanswered;
	struct list_head conns_answered;
	struct mn_claim now[MN_CLAIMS];
	struct mn_claim next[MN_CLAIMS];
	struct mn_port_key keys[2];
	u8 key_now;
	u32 named;
	struct list_head sync;
	struct mn_reason __rcu *reason;
	netdevice_tracker tracker;
	atomic64_t punts;
	u64 gateway;
};

#define mn_port_of(o)	container_of(o, struct mn_port, obj)

/* The accelerated tag of a packet, as in &mn_flow_key.vlan. */
static inline u16 mn_skb_vlan(const struct sk_buff *skb)
{
	if (likely(!skb_vlan_tag_present(skb)))
		return 0;
	return MN_VLAN_PRESENT | skb_vlan_tag_get_id(skb);
}

static inline const struct mn_port_ver *mn_port_ver(const struct mn_ver *v)
{
	return container_of(v, struct mn_port_ver, ver);
}

/* The bridge of a port, which must not be one of a router. */
static inline struct mn_bridge *mn_port_bridge(const struct mn_port *port)
{
	return (struct mn_bridge *)port->obj.parent;
}

static inline bool mn_port_on_router(const struct mn_port *port)
{
	return port->obj.parent->ident.type == MIDONET_OBJECT_TYPE_ROUTER;
}

/* Link-local IPv6 address of a router port: fe80::/64, EUI-64 of its MAC. */
static inline void mn_port_link_local(const struct mn_port_ver *v,
				      struct in6_addr *addr)
{
	memset(addr, 0, sizeof(*addr));
	addr->s6_addr32[0] = htonl(0xfe800000);
	memcpy(addr->s6_addr + 8, v->mac, 3);
	addr->s6_addr[8] ^= 2;
	addr->s6_addr[11] = 0xff;
	addr->s6_addr[12] = 0xfe;
	memcpy(addr->s6_addr + 13, v->mac + 3, 3);
}

extern const struct mn_type mn_port_type;

/* port/port.c */
struct list_head *mn_device_ports(struct mn_obj *device);
int mn_ports_init(struct mn_net *mn);
void mn_ports_exit(struct mn_net *mn);
bool mn_port_is_local(struct mn_net *mn, const struct mn_port_ver *v);
bool mn_port_is_exterior(const struct mn_port_ver *v);
const struct mn_port_ver *mn_port_end(struct mn_net *mn,
				      const struct mn_port *port);
const struct mn_port_ver *mn_port_newest(struct mn_net *mn,
					 const struct mn_port *port);
bool mn_port_may_flood(struct mn_port *port);
int mn_port_label(const struct mn_port *port, char *buf, size_t size);
void mn_reason_set(struct mn_net *mn, struct mn_reason __rcu **reason,
		   const char *text);
void mn_port_set_state(struct mn_port *port, u8 state, const char *reason);
void mn_port_stats_sum(const struct mn_port *port, struct mn_port_stats *sum);
void mn_stats_sum(const struct mn_port_stats __percpu *stats,
		  struct mn_port_stats *sum);
struct mn_port *mn_port_by_index(struct mn_net *mn, u32 index);

/* port/port_config.c, port/port_link.c */
struct mn_ver *mn_port_parse(struct mn_txn *txn, struct mn_obj *obj,
			     const struct mn_ver *old, const struct mn_op *op,
			     struct nlattr **tb,
			     struct netlink_ext_ack *extack);
int mn_port_link(struct mn_txn *txn, struct mn_obj *obj);
int mn_port_validate(struct mn_txn *txn, struct mn_obj *obj);
bool mn_port_closes_loop(struct mn_txn *txn, struct mn_bridge *start);

/* port/vport.c: the device behind an exterior port */
int mn_vport_init(void);
void mn_vport_exit(void);
void mn_vport_work(struct work_struct *work);
void mn_vport_publish(struct mn_net *mn, struct mn_port *port);
void mn_vport_sync_list(struct mn_net *mn);
void mn_vport_sync_all(struct mn_net *mn, bool detach);
int mn_vport_check(struct mn_net *mn, const char *dev, char *reason,
		   size_t size);
bool mn_vport_is_bound(const struct net_device *dev);
bool mn_vport_has_address(const struct net_device *dev);

/* port/output.c */
void mn_output(struct mn_port *port, struct sk_buff *skb, u16 vlan, u32 mtu);
void mn_skb_set_vlan(struct sk_buff *skb, u16 vlan);
void mn_output_raw(struct mn_port *port, struct sk_buff *skb);
void mn_output_lost(struct mn_port *port, u32 reason, u32 packets);

/* port/spoof.c */
struct mn_ctx;
u32 mn_spoof_in(struct mn_ctx *ctx, const struct mn_port_ver *v);
bool mn_spoof_out(struct mn_ctx *ctx, const struct mn_port_ver *v);

/* port/rx.c */
rx_handler_result_t mn_port_rx(struct sk_buff **pskb);
void mn_port_receive(struct mn_port *port, struct sk_buff *skb);

static inline void mn_port_count_rx(struct mn_port *port, u32 packets,
				    u32 bytes)
{
	struct mn_port_stats *s = this_cpu_ptr(port->stats);

	s->rx_packets += packets;
	s->rx_bytes += bytes;
}

static inline void mn_port_count_tx(struct mn_port *port, u32 packets,
				    u32 bytes)
{
	struct mn_port_stats *s = this_cpu_ptr(port->stats);

	s->tx_packets += packets;
	s->tx_bytes += bytes;
}

#endif /* _MN_PORT_H */
