// SPDX-License-Identifier: GPL-2.0
/*
 * Tunnels by GRE with a key. The kernel has one owner of GRE, so packets go
 * through a device of its driver, one for all tunnels of the namespace, in the
 * mode in which each packet says where it is to go. The driver does ECN, too.
 */
#include <linux/etherdevice.h>
#include <linux/kmod.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <net/dst_metadata.h>
#include <net/gre.h>
#include <net/ip_tunnels.h>
#include <net/rtnetlink.h>

#include "overlay/overlay.h"
#include "overlay/tunnel.h"
#include "port/port.h"

#define MN_GRE_TTL	64

/* Receiving. */

/* The peer a packet is from, and with it the tunnel. */
static struct mn_peer *sender_of(struct mn_net *mn,
				 const struct ip_tunnel_key *key,
				 u64 generation, struct mn_tunnel **tunnel)
{
	struct mn_peer_addr from = { .family = AF_INET };
	struct mn_tunnel *t;
	struct mn_peer *peer;

	from.addr.s6_addr32[0] = key->u.ipv4.src;
	list_for_each_entry_rcu(t, &mn->overlay->tunnels, list) {
		if (t->encap != MIDONET_ENCAP_GRE ||
		    t->local.addr.s6_addr32[0] != key->u.ipv4.dst)
			continue;
		peer = mn_peer_find(mn, t, &from, generation);
		*tunnel = t;
		if (peer)
			return peer;
	}
	return NULL;
}

static void mn_gre_rcv(struct mn_net *mn, struct sk_buff *skb)
{
	const struct ip_tunnel_info *info = skb_tunnel_info(skb);
	struct mn_tunnel *t = NULL;
	struct mn_peer *peer;
	u64 generation, key;
	bool keyed;

	if (!info || ip_tunnel_info_af(info) != AF_INET) {
		kfree_skb(skb);
		return;
	}
	generation = mn_net_generation(mn);
	peer = sender_of(mn, &info->key, generation, &t);
	keyed = mn_tunnel_key_given(&info->key);
	key = be64_to_cpu(info->key.tun_id);
	/* Of another namespace: marks and the like are not the VM's business. */
	skb_scrub_packet(skb, true);
	if (!t)	/* to an address that is no tunnel's */
		kfree_skb(skb);
	else if (!peer)
		mn_tunnel_drop(t, NULL, skb, MIDONET_DROP_REASON_TUNNEL_PEER);
	else if (!keyed)
		mn_tunnel_drop(t, peer, skb, MIDONET_DROP_REASON_TUNNEL_HEADER);
	else if (key > MN_KEY_STATE)
		mn_tunnel_drop(t, peer, skb, MIDONET_DROP_REASON_TUNNEL_KEY);
	else
		mn_tunnel_receive(t, peer, skb, key, generation);
}

/* rx_handler of the device: a frame out of any of the tunnels. Softirq, RCU. */
static rx_handler_result_t mn_gre_rx(struct sk_buff **pskb)
{
	struct sk_buff *skb = skb_share_check(*pskb, GFP_ATOMIC);
	struct mn_net *mn;

	if (unlikely(!skb))
		return RX_HANDLER_CONSUMED;
	if (unlikely(skb->pkt_type == PACKET_LOOPBACK)) {
		*pskb = skb;
		return RX_HANDLER_PASS;
	}
	mn = rcu_dereference(skb->dev->rx_handler_data);
	skb_push_rcsum(skb, ETH_HLEN);
	mn_gre_rcv(mn, skb);
	return RX_HANDLER_CONSUMED;
}

/* The device. */

typedef struct net_device *(*create_fn)(struct net *net, const char *name,
					u8 name_assign_type);

/*
 * The driver is asked for when it is needed, lest whoever loads us loads GRE.
 * Returns a device of it, or an error.
 */
static struct net_device *create(struct net *net)
{
	struct net_device *dev;
	create_fn fn;

	fn = symbol_get(gretap_fb_dev_create);
	if (!fn) {
		request_module("ip_gre");
		fn = symbol_get(gretap_fb_dev_create);
	}
	if (!fn)
		return ERR_PTR(-EOPNOTSUPP);
	dev = fn(net, "mn-gre%d", NET_NAME_ENUM);
	symbol_put(gretap_fb_dev_create);
	return dev;
}

static void say(int err, char *reason, size_t size)
{
	if (err == -EOPNOTSUPP)
		strscpy(reason, "this kernel has no GRE; load the module ip_gre",
			size);
	else if (err == -EEXIST)
		strscpy(reason,
			"another gretap device in external mode has GRE in this network namespace; delete it",
			size);
	else
		snprintf(reason, size, "no device for GRE: error %d", err);
}

static int attach(struct mn_overlay *o, struct net_device *dev)
{
	int err;

	err = netdev_rx_handler_register(dev, mn_gre_rx, o->mn);
	if (err)
		return err;
	err = dev_change_flags(dev, dev->flags | IFF_UP, NULL);
	if (err) {
		netdev_rx_handler_unregister(dev);
		return err;
	}
	netdev_hold(dev, &o->gre_tracker, GFP_KERNEL);
	o->gre = dev;
	return 0;
}

static struct net_device *detach(struct mn_overlay *o)
{
	struct net_device *dev = o->gre;

	o->gre = NULL;
	netdev_rx_handler_unregister(dev);
	netdev_put(dev, &o->gre_tracker);
	return dev;
}

/**
 * mn_gre_need() - have a device; a tunnel may be about to be opened
 * @o: overlay
 *
 * That there is one is seen when a tunnel is opened: then it is too late to make
 * it, because others hear of devices under mn_net.lock.
 *
 * Context: rtnl, without mn_net.lock; may sleep.
 */
void mn_gre_need(struct mn_overlay *o)
{
	struct net_device *dev;

	ASSERT_RTNL();
	if (o->gre)
		return;
	dev = create(o->mn->net);
	o->gre_err = PTR_ERR_OR_ZERO(dev);
	if (o->gre_err)
		return;
	o->gre_err = attach(o, dev);
	if (o->gre_err)
		mn_delete_link(dev);
}

/**
 * mn_gre_spare() - delete the device if no tunnel uses it
 * @o: overlay
 *
 * Context: rtnl, without mn_net.lock; may sleep.
 */
void mn_gre_spare(struct mn_overlay *o)
{
	ASSERT_RTNL();
	if (o->gre && !o->gre_users)
		mn_delete_link(detach(o));
}

/**
 * mn_gre_gone() - somebody else deletes the device
 * @o: overlay
 *
 * All tunnels by GRE need another one.
 *
 * Context: rtnl; may sleep.
 */
void mn_gre_gone(struct mn_overlay *o)
{
	struct mn_tunnel *t;

	ASSERT_RTNL();
	/* They come and go under rtnl and mn_net.lock, so either will do. */
	list_for_each_entry(t, &o->tunnels, list)
		RCU_INIT_POINTER(t->dev, NULL);
	detach(o);
}

/**
 * mn_gre_open() - open a tunnel by GRE
 * @t: tunnel
 * @reason: why it cannot be opened
 * @size: bytes of @reason
 *
 * Context: rtnl, mn_net.lock.
 *
 * Return: 0 or a negative error
 */
int mn_gre_open(struct mn_tunnel *t, char *reason, size_t size)
{
	struct mn_overlay *o = t->mn->overlay;

	ASSERT_RTNL();
	if (!o->gre) {
		say(o->gre_err, reason, size);
		return o->gre_err ?: -ENODEV;
	}
	rcu_assign_pointer(t->dev, o->gre);
	o->gre_users++;
	return 0;
}

/**
 * mn_gre_close() - close it
 * @t: tunnel nobody sends by
 *
 * Context: rtnl, mn_net.lock.
 */
void mn_gre_close(struct mn_tunnel *t)
{
	ASSERT_RTNL();
	t->mn->overlay->gre_users--;
}

/* Sending. */

/**
 * mn_gre_send() - send a packet by a tunnel by GRE
 * @t: tunnel
 * @peer: to whom
 * @skb: packet as in mn_udp_send(); consumed unless an error is returned
 * @dst: route, looked up by the driver again; consumed with it
 * @key: tunnel key
 * @ds: DS field
 *
 * Context: BH disabled, RCU.
 *
 * Return: 0 or a &enum midonet_drop_reason
 */
u32 mn_gre_send(const struct mn_tunnel *t, struct mn_peer *peer,
		struct sk_buff *skb, struct dst_entry *dst, u32 key, u8 ds)
{
	struct net_device *dev = rcu_dereference(t->dev);
	struct metadata_dst *md;
	int err;

	if (unlikely(!dev))
		return MIDONET_DROP_REASON_DEVICE_TX;
	md = metadata_dst_alloc(0, METADATA_IP_TUNNEL,
				GFP_ATOMIC | __GFP_NOWARN);
	if (unlikely(!md))
		return MIDONET_DROP_REASON_NOMEM;
	dst_release(dst);
	mn_tunnel_key_init(&md->u.tun_info.key, t->local.addr.s6_addr32[0],
			   peer->at.addr.s6_addr32[0], ds, MN_GRE_TTL, key);
	md->u.tun_info.mode = IP_TUNNEL_INFO_TX;
	skb_scrub_packet(skb, true);
	skb_dst_set(skb, &md->dst);
	skb->dev = dev;
	err = dev_queue_xmit(skb);
	if (unlikely(net_xmit_eval(err)))
		mn_peer_count_drop(peer, 1);
	return 0;
}
