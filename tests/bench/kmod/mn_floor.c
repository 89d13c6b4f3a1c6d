// SPDX-License-Identifier: GPL-2.0
/*
 * The physical limit of the hook: an rx_handler that sends what one device
 * receives out of its peer, in both directions, and does nothing else. As every
 * handler must, it takes a clone of what somebody else still holds; pktgen does.
 */
#include <linux/etherdevice.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/skbuff.h>

#define FLOOR_DEVS	8

static char *devs[FLOOR_DEVS];
static int n_devs;
module_param_array(devs, charp, &n_devs, 0400);
MODULE_PARM_DESC(devs, "devices of init_net, peers two by two");

static struct net_device *attached[FLOOR_DEVS];

static rx_handler_result_t floor_rx(struct sk_buff **pskb)
{
	struct sk_buff *skb = skb_share_check(*pskb, GFP_ATOMIC);

	if (!skb)
		return RX_HANDLER_CONSUMED;
	skb->dev = rcu_dereference(skb->dev->rx_handler_data);
	skb_push(skb, ETH_HLEN);
	dev_queue_xmit(skb);
	return RX_HANDLER_CONSUMED;
}

static int floor_attach(int i)
{
	struct net_device *dev = attached[i], *peer = attached[i ^ 1];
	int err;

	if (!dev || !peer)
		return -ENODEV;
	err = netdev_rx_handler_register(dev, floor_rx, peer);
	if (!err)
		dev_set_promiscuity(dev, 1);
	return err;
}

/* No packet holds a peer once the handlers are gone: unregistering waits for the readers. */
static void floor_detach(int upto)
{
	int i;

	rtnl_lock();
	for (i = 0; i < upto; i++) {
		netdev_rx_handler_unregister(attached[i]);
		dev_set_promiscuity(attached[i], -1);
	}
	rtnl_unlock();
	for (i = 0; i < n_devs; i++)
		dev_put(attached[i]);
}

static int __init floor_init(void)
{
	int i, err = 0;

	if (!n_devs || n_devs & 1)
		return -EINVAL;
	for (i = 0; i < n_devs; i++)
		attached[i] = dev_get_by_name(&init_net, devs[i]);
	rtnl_lock();
	for (i = 0; i < n_devs && !err; i++)
		err = floor_attach(i);
	rtnl_unlock();
	if (err)
		floor_detach(i - 1);
	return err;
}

static void __exit floor_exit(void)
{
	floor_detach(n_devs);
}

module_init(floor_init);
module_exit(floor_exit);
MODULE_DESCRIPTION("Benchmark reference: redirect and nothing else");
MODULE_LICENSE("GPL");
