// SPDX-License-Identifier: GPL-2.0
/*
 * From configuration to open tunnels.
 *
 * Which tunnels this host wants is configuration; whether they can be opened is
 * up to the rest of the system. Zones whose tunnel may have to change are put on
 * &mn_overlay.sync, and one idempotent function brings each of them to what it
 * should be now: first all let go, then all take, so that zones may swap ports. A
 * commit works the list off before it is acknowledged; events of addresses and
 * devices leave it to a worker, which also tries again, once a second, what could
 * not be opened.
 *
 * Zones with the same encapsulation, address of this host and port share a
 * tunnel: the address a packet comes from tells whose it is.
 */
#include <linux/inetdevice.h>
#include <linux/rhashtable.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <net/addrconf.h>
#include <net/ip_fib.h>
#include <net/route.h>

#include "overlay/overlay.h"
#include "overlay/peer.h"
#include "overlay/tunnel.h"
#include "overlay/zone.h"
#include "port/host.h"
#include "port/port.h"
#include "sim/dep.h"

/* What could not be opened is tried again after so long. */
#define MN_OVERLAY_RETRY	HZ

static const u8 overhead[][2] = {
	/* IPv4, IPv6; with the Ethernet header of the packet inside */
	[MIDONET_ENCAP_VXLAN] = { 50, 70 },
	[MIDONET_ENCAP_GENEVE] = { 50, 70 },
	[MIDONET_ENCAP_GRE] = { 42, 0 },
};

/**
 * mn_overlay_touch() - the tunnel of a zone may have to change
 * @zone: zone
 *
 * Context: mn_net.lock.
 */
void mn_overlay_touch(struct mn_zone *zone)
{
	struct mn_overlay *o = zone->mn->overlay;

	mn_assert_lock(zone->mn);
	if (!list_empty(&zone->sync))
		return;
	refcount_inc(&zone->obj.ident.ref);
	list_add_tail(&zone->sync, &o->sync);
}

static bool is_us(const struct mn_net *mn, const struct mn_host *host)
{
	return host == rcu_access_pointer(mn->local_host);
}

/* Peers come and go. */

static void peer_down(struct mn_overlay *o, struct mn_peer *peer)
{
	if (!peer->watched)
		return;
	peer->watched = false;
	WRITE_ONCE(peer->zone->n_up, peer->zone->n_up - 1);
	if (o->watch)
		o->watch->down(peer);
}

static void peer_up(struct mn_overlay *o, struct mn_peer *peer)
{
	if (peer->watched)
		return;
	peer->watched = true;
	WRITE_ONCE(peer->zone->n_up, peer->zone->n_up + 1);
	if (o->watch)
		o->watch->up(peer);
}

/**
 * mn_overlay_member() - a zone has a member more, or one less
 * @peer: member
 * @born: it is there from now on; else not any more
 *
 * Context: mn_net.lock, right after the flip.
 */
void mn_overlay_member(struct mn_peer *peer, bool born)
{
	struct mn_overlay *o = peer->mn->overlay;

	if (is_us(peer->mn, peer->host)) {
		mn_overlay_touch(peer->zone);
	} else if (born) {
		list_add_tail(&peer->fresh, &o->fresh);
	} else {
		list_del_init(&peer->fresh);
		/* Packets in flight still find its tunnel, see member_leave(). */
		peer_down(o, peer);
	}
}

static bool alive(const struct mn_peer *peer)
{
	return peer->entry.born != U64_MAX && peer->entry.died == U64_MAX;
}

/* A peer has another tunnel, or none; flows that know it are walked again. */
static void peer_set_tunnel(struct mn_overlay *o, struct mn_peer *peer,
			    struct mn_tunnel *tunnel)
{
	struct mn_tunnel *old = mn_dereference(o->mn, peer->tunnel);

	if (old == tunnel)
		return;
	if (!tunnel)
		peer_down(o, peer);
	rcu_assign_pointer(peer->tunnel, tunnel);
	dst_cache_reset(&peer->cache);
	WRITE_ONCE(peer->mtu, 0);
	mn_dep_bump(o->mn, peer->host->obj.dep);
	if (tunnel)
		peer_up(o, peer);
}

/* What there is for those who entered a zone. */
static void sync_fresh(struct mn_overlay *o)
{
	struct mn_peer *peer, *next;
	const struct mn_ver *ver;

	list_for_each_entry_safe(peer, next, &o->fresh, fresh) {
		list_del_init(&peer->fresh);
		ver = mn_ver_end(o->mn, &peer->zone->obj);
		if (!ver || is_us(o->mn, peer->host))
			continue;
		peer->dscp = mn_zone_ver(ver)->dscp;
		peer_set_tunnel(o, peer, peer->zone->tunnel);
	}
}

static void sync_peers(struct mn_overlay *o, struct mn_zone *zone)
{
	const struct mn_ver *ver = mn_ver_end(o->mn, &zone->obj);
	struct mn_peer *peer;

	list_for_each_entry(peer, &zone->members, siblings) {
		if (ver)
			WRITE_ONCE(peer->dscp, mn_zone_ver(ver)->dscp);
		if (!zone->tunnel || is_us(o->mn, peer->host))
			peer_set_tunnel(o, peer, NULL);
		else if (alive(peer))
			peer_set_tunnel(o, peer, zone->tunnel);
	}
}

/* Zones. */

/**
 * struct want - the tunnel a zone should have
 * @us: this host in it, or NULL: it should have none
 * @local: its address
 * @encap: &enum midonet_encap
 * @port: UDP port or 0
 */
struct want {
	const struct mn_peer *us;
	struct mn_peer_addr local;
	u8 encap;
	__be16 port;
};

static void wanted(struct mn_net *mn, const struct mn_zone *zone,
		   struct want *w)
{
	const struct mn_ver *ver = mn_ver_end(mn, &zone->obj);
	struct mn_host *host = mn_dereference(mn, mn->local_host);

	memset(w, 0, sizeof(*w));
	if (mn->dying || !ver || !host)
		return;
	w->us = mn_member_end(host, zone);
	if (!w->us)
		return;
	w->local = w->us->at;
	w->encap = mn_zone_ver(ver)->encap;
	w->port = htons(mn_zone_udp_port(mn_zone_ver(ver)));
}

static bool fits(const struct mn_tunnel *t, const struct want *w)
{
	return t->encap == w->encap && t->port == w->port &&
	       !memcmp(&t->local, &w->local, sizeof(w->local));
}

/* Which device has an address? NULL if it is not one of this host's. */
static const struct net_device *device_with(struct mn_net *mn,
					    const struct mn_peer_addr *at)
{
	__be32 v4 = at->addr.s6_addr32[0];

	if (at->family == AF_INET)
		return inet_addr_type(mn->net, v4) == RTN_LOCAL ?
		       __ip_dev_find(mn->net, v4, false) : NULL;
#if IS_ENABLED(CONFIG_IPV6)
	/* One that is still looked for duplicates of cannot be used. */
	if (ipv6_chk_addr(mn->net, &at->addr, NULL, 0))
		return ipv6_dev_find(mn->net, &at->addr, NULL);
#endif
	return NULL;
}

/* Can this host receive at an address? The reason says what to do if not. */
static int check_local(struct mn_net *mn, const struct mn_peer_addr *at,
		       char *reason, size_t size)
{
	const struct net_device *dev;
	char addr[MN_PEER_LABEL];
	int err = 0;

	mn_peer_addr_label(at, addr);
	rcu_read_lock();
	dev = device_with(mn, at);
	if (!dev) {
		err = -EADDRNOTAVAIL;
		snprintf(reason, size,
			 "address %s is not on this host; give it to a device, or correct the member",
			 addr);
	} else if (mn_vport_is_bound(dev)) {
		err = -EBUSY;
		snprintf(reason, size,
			 "address %s is on device %s, which is bound to a port; bind another device",
			 addr, dev->name);
	}
	rcu_read_unlock();
	return err;
}

static void set_state(struct mn_zone *zone, u8 state, const char *reason)
{
	struct mn_overlay *o = zone->mn->overlay;

	o->n_errors -= zone->state == MIDONET_PORT_STATE_ERROR;
	o->n_errors += state == MIDONET_PORT_STATE_ERROR;
	mn_reason_set(zone->mn, &zone->reason, reason);
	WRITE_ONCE(zone->state, state);
}

static void set_local(struct mn_overlay *o, struct mn_zone *zone, bool local)
{
	WRITE_ONCE(o->n_local, o->n_local + local - zone->local);
	o->used |= local;
	zone->local = local;
}

static void close_tunnel(struct mn_overlay *o, struct mn_tunnel *t)
{
	list_del_rcu(&t->list);
	/* Nobody sends by it any more; then nobody receives. */
	synchronize_net();
	if (t->encap == MIDONET_ENCAP_GRE)
		mn_gre_close(t);
	else
		mn_udp_close(t);
	synchronize_net();
	mn_obj_put(o->mn, &t->zone->obj);
	kfree(t);
}

static struct mn_tunnel *find_tunnel(struct mn_overlay *o, const struct want *w)
{
	struct mn_tunnel *t;

	list_for_each_entry(t, &o->tunnels, list) {
		if (fits(t, w))
			return t;
	}
	return NULL;
}

static struct mn_tunnel *new_tunnel(struct mn_overlay *o, struct mn_zone *zone,
				    const struct want *w)
{
	struct mn_tunnel *t = kzalloc(sizeof(*t), GFP_KERNEL_ACCOUNT);

	if (!t)
		return NULL;
	t->mn = o->mn;
	t->encap = w->encap;
	t->proto = w->encap == MIDONET_ENCAP_GRE ? IPPROTO_GRE : IPPROTO_UDP;
	t->overhead = overhead[w->encap][w->local.family == AF_INET6];
	t->port = w->port;
	t->local = w->local;
	t->zone = zone;
	return t;
}

/* Open a tunnel for a zone; the reason says why it cannot be. */
static struct mn_tunnel *open_tunnel(struct mn_overlay *o, struct mn_zone *zone,
				     const struct want *w, char *reason,
				     size_t size)
{
	struct mn_tunnel *t = find_tunnel(o, w);
	int err;

	if (t)
		return t;
	if (check_local(o->mn, &w->local, reason, size))
		return NULL;
	t = new_tunnel(o, zone, w);
	if (!t) {
		strscpy(reason, "out of memory", size);
		return NULL;
	}
	if (w->encap == MIDONET_ENCAP_GRE)
		err = mn_gre_open(t, reason, size);
	else
		err = mn_udp_open(t, reason, size);
	if (err) {
		kfree(t);
		return NULL;
	}
	refcount_inc(&zone->obj.ident.ref);
	list_add_tail_rcu(&t->list, &o->tunnels);
	return t;
}

static bool lost_device(const struct mn_tunnel *t)
{
	return t->encap == MIDONET_ENCAP_GRE && !rcu_access_pointer(t->dev);
}

/* A zone lets go of a tunnel it should not have, or that has lost its address. */
static void zone_leave(struct mn_overlay *o, struct mn_zone *zone)
{
	struct mn_tunnel *t = zone->tunnel;
	char reason[MN_TUNNEL_REASON];
	struct want w;

	wanted(o->mn, zone, &w);
	set_local(o, zone, w.us);
	if (!t || (w.us && fits(t, &w) &&
		   !lost_device(t) &&
		   !check_local(o->mn, &w.local, reason, sizeof(reason))))
		return;
	zone->tunnel = NULL;
	sync_peers(o, zone);
	if (!--t->users)
		close_tunnel(o, t);
}

static void zone_enter(struct mn_overlay *o, struct mn_zone *zone)
{
	char reason[MN_TUNNEL_REASON] = "";
	struct want w;

	wanted(o->mn, zone, &w);
	if (!w.us) {
		set_state(zone, MIDONET_PORT_STATE_UNPLUGGED,
			  rcu_access_pointer(o->mn->local_host) ?
			  "this host is not among its members" :
			  "nobody said which host this is; midoctl host set-local");
		return;
	}
	if (!zone->tunnel) {
		zone->tunnel = open_tunnel(o, zone, &w, reason, sizeof(reason));
		if (!zone->tunnel) {
			set_state(zone, MIDONET_PORT_STATE_ERROR, reason);
			return;
		}
		zone->tunnel->users++;
	}
	sync_peers(o, zone);
	set_state(zone, MIDONET_PORT_STATE_UP, NULL);
}

static void sync_locked(struct mn_overlay *o, struct list_head *done)
{
	struct mn_zone *zone;

	list_splice_init(&o->sync, done);
	list_for_each_entry(zone, done, sync)
		zone_leave(o, zone);
	list_for_each_entry(zone, done, sync)
		zone_enter(o, zone);
	sync_fresh(o);
	if (o->n_errors && !o->mn->dying)
		schedule_delayed_work(&o->work, MN_OVERLAY_RETRY);
}

/* May a tunnel by GRE be opened? */
static bool wants_gre(struct mn_overlay *o)
{
	const struct mn_zone *zone;
	bool gre = false;
	struct want w;

	mutex_lock(&o->mn->lock);
	list_for_each_entry(zone, &o->sync, sync) {
		wanted(o->mn, zone, &w);
		gre |= w.us && w.encap == MIDONET_ENCAP_GRE;
	}
	mutex_unlock(&o->mn->lock);
	return gre;
}

/**
 * mn_overlay_sync() - open and close tunnels as &mn_overlay.sync asks for
 * @mn: namespace
 *
 * Context: may sleep; takes rtnl, then mn_net.lock.
 */
void mn_overlay_sync(struct mn_net *mn)
{
	struct mn_overlay *o = mn->overlay;
	struct mn_zone *zone, *next;
	LIST_HEAD(done);
	bool idle;

	mutex_lock(&mn->lock);
	idle = list_empty(&o->sync) && list_empty(&o->fresh);
	mutex_unlock(&mn->lock);
	if (idle)
		return;
	rtnl_lock();
	if (wants_gre(o))
		mn_gre_need(o);
	mutex_lock(&mn->lock);
	sync_locked(o, &done);
	list_for_each_entry_safe(zone, next, &done, sync) {
		list_del_init(&zone->sync);
		mn_obj_put(mn, &zone->obj);
	}
	mutex_unlock(&mn->lock);
	mn_gre_spare(o);
	rtnl_unlock();
}

/* Put zones on the list: @errors that cannot be opened, @local this host is in. */
static void touch_some(struct mn_overlay *o, bool errors, bool local)
{
	struct mn_zone *zone;
	struct mn_obj *obj;
	unsigned long index;

	mutex_lock(&o->mn->lock);
	xa_for_each(&o->mn->types[MIDONET_OBJECT_TYPE_TUNNEL_ZONE], index, obj) {
		zone = mn_zone_of(obj);
		if ((local && zone->local) ||
		    (errors && zone->state == MIDONET_PORT_STATE_ERROR))
			mn_overlay_touch(zone);
	}
	mutex_unlock(&o->mn->lock);
}

/**
 * mn_overlay_sync_all() - which host this is may have changed
 * @mn: namespace
 *
 * Context: may sleep; takes rtnl, then mn_net.lock.
 */
void mn_overlay_sync_all(struct mn_net *mn)
{
	struct mn_obj *obj;
	unsigned long index;

	mutex_lock(&mn->lock);
	xa_for_each(&mn->types[MIDONET_OBJECT_TYPE_TUNNEL_ZONE], index, obj)
		mn_overlay_touch(mn_zone_of(obj));
	mutex_unlock(&mn->lock);
	mn_overlay_sync(mn);
}

/**
 * mn_overlay_retry() - what could not be opened may be possible now
 * @mn: namespace
 *
 * Context: may sleep; takes rtnl, then mn_net.lock.
 */
void mn_overlay_retry(struct mn_net *mn)
{
	if (!READ_ONCE(mn->overlay->n_errors))
		return;
	touch_some(mn->overlay, true, false);
	mn_overlay_sync(mn);
}

static void overlay_work(struct work_struct *work)
{
	struct mn_overlay *o = container_of(to_delayed_work(work),
					    struct mn_overlay, work);

	touch_some(o, true, xchg(&o->look, false));
	mn_overlay_sync(o->mn);
}

/**
 * mn_overlay_look() - something happened to addresses or devices
 * @mn: namespace that is awake
 *
 * Context: any, RCU.
 */
void mn_overlay_look(struct mn_net *mn)
{
	struct mn_overlay *o = mn->overlay;

	if (!READ_ONCE(o->n_local))
		return;
	WRITE_ONCE(o->look, true);
	mod_delayed_work(system_wq, &o->work, 0);
}

/**
 * mn_overlay_carries() - does a device have the address of a tunnel?
 * @mn: namespace
 * @dev: device
 * @zone: name of a zone that uses the tunnel
 * @size: bytes of @zone
 *
 * Context: rtnl.
 *
 * Return: true if it does, and so must not be taken from the host
 */
bool mn_overlay_carries(struct mn_net *mn, const struct net_device *dev,
			char *zone, size_t size)
{
	const struct mn_tunnel *t;
	bool found = false;

	rcu_read_lock();
	list_for_each_entry_rcu(t, &mn->overlay->tunnels, list) {
		if (device_with(mn, &t->local) != dev)
			continue;
		strscpy(zone, t->zone->obj.name, size);
		found = true;
		break;
	}
	rcu_read_unlock();
	return found;
}

/**
 * mn_peer_watch() - be told of peers
 * @mn: namespace
 * @watch: what to call, at once for those there are; NULL ends it, after being
 *	told that all are down
 *
 * Context: may sleep; takes rtnl, then mn_net.lock.
 */
void mn_peer_watch(struct mn_net *mn, const struct mn_peer_watch *watch)
{
	struct mn_overlay *o = mn->overlay;
	struct mn_peer *peer;
	struct mn_obj *obj;
	unsigned long index;

	rtnl_lock();
	mutex_lock(&mn->lock);
	xa_for_each(&mn->types[MIDONET_OBJECT_TYPE_TUNNEL_ZONE], index, obj) {
		list_for_each_entry(peer, &mn_zone_of(obj)->members, siblings) {
			if (!peer->watched)
				continue;
			if (o->watch)
				o->watch->down(peer);
			if (watch)
				watch->up(peer);
		}
	}
	o->watch = watch;
	mutex_unlock(&mn->lock);
	rtnl_unlock();
}

/**
 * mn_overlay_init() - set up what the tunnels of a namespace need
 * @mn: namespace
 *
 * Return: 0 or a negative error
 */
int mn_overlay_init(struct mn_net *mn)
{
	struct mn_overlay *o = kzalloc(sizeof(*o), GFP_KERNEL_ACCOUNT);
	int err;

	if (!o)
		return -ENOMEM;
	o->mn = mn;
	INIT_LIST_HEAD(&o->tunnels);
	INIT_LIST_HEAD(&o->fresh);
	INIT_LIST_HEAD(&o->sync);
	INIT_DELAYED_WORK(&o->work, overlay_work);
	err = rhltable_init(&o->peers, &mn_peer_params);
	if (err) {
		kfree(o);
		return err;
	}
	mn->overlay = o;
	return 0;
}

/**
 * mn_overlay_stop() - close all tunnels
 * @mn: namespace that goes; mn_net.dying is set
 *
 * Context: may sleep; takes rtnl, then mn_net.lock.
 */
void mn_overlay_stop(struct mn_net *mn)
{
	mn_overlay_sync_all(mn);
	cancel_delayed_work_sync(&mn->overlay->work);
}

/**
 * mn_overlay_exit() - free what mn_overlay_init() set up
 * @mn: namespace without objects, not awake any more
 *
 * Context: may sleep.
 */
void mn_overlay_exit(struct mn_net *mn)
{
	struct mn_overlay *o = mn->overlay;

	/* Zones that went have been put on the list. */
	mn_overlay_sync(mn);
	/* An event may just have found the namespace awake. */
	if (o->used)
		synchronize_rcu();
	cancel_delayed_work_sync(&o->work);
	WARN_ON_ONCE(o->n_peers || !list_empty(&o->tunnels));
	rhltable_destroy(&o->peers);
	kfree(o);
	mn->overlay = NULL;
}
