// SPDX-License-Identifier: GPL-2.0
/*
 * A device that keeps what leaves by it, and packets that came by it.
 */
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>
#include <linux/unaligned.h>

#include "l3/icmp.h"
#include "port/port.h"
#include "wire.h"

static netdev_tx_t wire_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct sk_buff_head *kept = netdev_priv(dev);

	/* The system says things of its own to a new device. */
	if (ether_addr_equal(skb->data, nbr_alice))
		skb_queue_tail(kept, skb);
	else
		consume_skb(skb);
	return NETDEV_TX_OK;
}

static const struct net_device_ops wire_ops = {
	.ndo_start_xmit = wire_xmit,
};

static void wire_setup(struct net_device *dev)
{
	ether_setup(dev);
	dev->netdev_ops = &wire_ops;
	dev->max_mtu = 0;
	dev->priv_flags |= IFF_NO_QUEUE;
	dev->features |= NETIF_F_HW_VLAN_CTAG_TX | NETIF_F_SG;
}

static struct net_device *device(struct nbr *f)
{
	return rcu_dereference_protected(f->port->dev, true);
}

/**
 * wire_init() - as nbr_init(), with a device
 * @test: test
 */
int wire_init(struct kunit *test)
{
	struct net_device *dev;
	struct nbr *f;
	int err = nbr_init(test);

	if (err)
		return err;
	f = test->priv;
	dev = alloc_netdev(sizeof(struct sk_buff_head), "kwire%d",
			   NET_NAME_UNKNOWN, wire_setup);
	if (!dev)
		return -ENOMEM;
	skb_queue_head_init(netdev_priv(dev));
	rtnl_lock();
	err = register_netdevice(dev);
	if (!err)
		err = dev_open(dev, NULL);
	rtnl_unlock();
	KUNIT_ASSERT_EQ(test, 0, err);
	rcu_assign_pointer(f->port->dev, dev);
	return 0;
}

/**
 * wire_exit() - end; nothing may be left unread
 * @test: test
 */
void wire_exit(struct kunit *test)
{
	struct nbr *f = test->priv;
	struct net_device *dev;

	if (!f)
		return;
	dev = f->port ? device(f) : NULL;
	if (dev) {
		RCU_INIT_POINTER(f->port->dev, NULL);
		unregister_netdev(dev);
		KUNIT_EXPECT_EQ(test, 0U,
				skb_queue_len(netdev_priv(dev)));
		skb_queue_purge(netdev_priv(dev));
		free_netdev(dev);
	}
	nbr_exit(test);
}

/**
 * wire_sent() - what left first
 * @f: test
 *
 * Return: packet, the caller's, or NULL
 */
struct sk_buff *wire_sent(struct nbr *f)
{
	return skb_dequeue(netdev_priv(device(f)));
}

/**
 * wire_said() - let the walk say what it wants to
 * @f: test
 *
 * Return: what left first, the caller's, or NULL
 */
struct sk_buff *wire_said(struct nbr *f)
{
	nbr_enter();
	mn_reply_send(f->ctx);
	nbr_leave();
	kfree_skb(f->ctx->skb);
	f->ctx->skb = NULL;
	return wire_sent(f);
}

u32 wire_sum(const u8 *p, u32 len, u32 sum)
{
	u32 i;

	for (i = 0; i < len; i++) {
		sum += i % 2 ? p[i] : p[i] << 8;
		sum = (sum & 0xffff) + (sum >> 16);
	}
	return sum;
}

u16 wire_fold(u32 sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

/* @addrs: source and destination, as they are in a header. */
u16 wire_csum_l4(bool v6, const u8 *addrs, u8 proto, const u8 *l4, u32 len)
{
	u32 sum = 0;

	if (v6 || proto != IPPROTO_ICMP)
		sum = wire_sum(addrs, v6 ? 32 : 8, proto + len);
	return wire_fold(wire_sum(l4, len, sum));
}

static u32 build_v6(u8 *ip, const struct wire_packet *p)
{
	struct in6_addr src = p->src6, dst = p->dst6;

	if (!src.s6_addr[0] && !src.s6_addr[15])
		src = nbr_v6(5);
	if (!dst.s6_addr[0] && !dst.s6_addr[15])
		dst = nbr_v6(0x77);
	ip[0] = 0x60 | p->tos >> 4;
	ip[1] = p->tos << 4;
	put_unaligned_be16(p->n_l4, ip + 4);
	ip[6] = p->proto;
	ip[7] = p->ttl ?: 9;
	memcpy(ip + 8, &src, 16);
	memcpy(ip + 24, &dst, 16);
	return 40;
}

static u32 build_v4(u8 *ip, const struct wire_packet *p)
{
	u32 hlen = 20 + p->n_opts;

	ip[0] = 0x40 | hlen / 4;
	ip[1] = p->tos;
	put_unaligned_be16(hlen + p->n_l4, ip + 2);
	put_unaligned_be16(0x1234, ip + 4);
	put_unaligned_be16(p->frag, ip + 6);
	ip[8] = p->ttl ?: 9;
	ip[9] = p->proto;
	put_unaligned_be32(p->src ?: HOST, ip + 12);
	put_unaligned_be32(p->dst ?: 0x0b000001, ip + 16);
	if (p->n_opts)
		memcpy(ip + 20, p->opts, p->n_opts);
	put_unaligned_be16(wire_fold(wire_sum(ip, hlen, 0)), ip + 10);
	return hlen;
}

/**
 * wire_build() - frame of nbr_alice to the router
 * @buf: for it
 * @p: packet
 *
 * Return: its length
 */
u32 wire_build(u8 *buf, const struct wire_packet *p)
{
	u32 hlen;

	memset(buf, 0, ETH_HLEN + 60);
	memcpy(buf, nbr_us, ETH_ALEN);
	memcpy(buf + ETH_ALEN, nbr_alice, ETH_ALEN);
	put_unaligned_be16(p->v6 ? ETH_P_IPV6 : ETH_P_IP, buf + 12);
	hlen = p->v6 ? build_v6(buf + ETH_HLEN, p) :
		       build_v4(buf + ETH_HLEN, p);
	if (p->n_l4)
		memcpy(buf + ETH_HLEN + hlen, p->l4, p->n_l4);
	return ETH_HLEN + hlen + p->n_l4;
}

/**
 * wire_skb() - packet as a driver hands it over
 * @test: test
 * @buf: frame
 * @len: its length
 * @linear: so much of it is not in pages
 */
struct sk_buff *wire_skb(struct kunit *test, const u8 *buf, u32 len, u32 linear)
{
	struct sk_buff *skb;
	int err = -ENOMEM;

	linear = min(linear, len);
	skb = alloc_skb_with_frags(64 + linear, len - linear, 0, &err,
				   GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb_reserve(skb, 64);
	skb_put(skb, linear);
	skb->data_len = len - linear;
	skb->len = len;
	KUNIT_ASSERT_EQ(test, 0, skb_store_bits(skb, 0, buf, len));
	skb_reset_mac_header(skb);
	skb_set_network_header(skb, ETH_HLEN);
	skb->mac_len = ETH_HLEN;
	skb->protocol = ((const struct ethhdr *)skb->data)->h_proto;
	return skb;
}

/**
 * wire_begin() - the walk of a packet that is in the router by f->port
 * @f: test
 * @skb: packet; freed by wire_said()
 */
void wire_begin(struct nbr *f, struct sk_buff *skb)
{
	struct mn_flow_key key;
	struct mn_pkt pkt;

	KUNIT_ASSERT_EQ(f->topo.test, 0, mn_key_extract(skb, 1, &key, &pkt));
	mn_ctx_init(f->ctx, f->topo.mn, skb, f->port, &key, &pkt);
	f->ctx->device_in = f->port;
	f->ctx->router_in = f->port;
}

/**
 * wire_packet() - the walk of a packet in words
 * @f: test
 * @p: packet
 */
void wire_packet(struct nbr *f, const struct wire_packet *p)
{
	struct kunit *test = f->topo.test;
	u8 *buf = kunit_kzalloc(test, ETH_HLEN + 60 + p->n_l4, GFP_KERNEL);
	u32 len;

	KUNIT_ASSERT_NOT_NULL(test, buf);
	len = wire_build(buf, p);
	wire_begin(f, wire_skb(test, buf, len, len));
}
