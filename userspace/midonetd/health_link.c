// SPDX-License-Identifier: GPL-2.0
/*
 * The way from the daemon into the virtual network of a router: a veth pair. One end
 * is the device of a port of the router; the other is alone in a network namespace
 * without a name, so what routers of other tenants call the same does not meet. Both
 * go with the daemon, however it ends.
 */
#include <errno.h>
#include <fcntl.h>
#include <libmnl/libmnl.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <syslog.h>
#include <unistd.h>

#include "health.h"
#include "netns.h"

#define INSIDE	"eth0"	/* the end that is the daemon's */

/* A request is a veth pair at most. */
union request {
	struct nlmsghdr nlh;
	char room[1024];
};

static struct nlmsghdr *begin(union request *r, int type, int flags)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(r->room);

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
	return nlh;
}

/* Ask the kernel of the namespace this is called in. 0 or a negative error. */
static int ask(struct nlmsghdr *nlh)
{
	struct mnl_socket *sock = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	char room[4096];
	ssize_t n;
	int ret = 0;

	if (!sock)
		return -errno;
	if (mnl_socket_bind(sock, 0, MNL_SOCKET_AUTOPID) ||
	    mnl_socket_sendto(sock, nlh, nlh->nlmsg_len) < 0)
		ret = -errno;
	n = ret ? 0 : mnl_socket_recvfrom(sock, room, sizeof(room));
	if (n < 0 || (n && mnl_cb_run(room, n, 0, 0, NULL, NULL) < 0))
		ret = -errno;
	mnl_socket_close(sock);
	return ret;
}

static void del_dev(const char *dev)
{
	union request r;
	struct nlmsghdr *nlh = begin(&r, RTM_DELLINK, 0);

	mnl_nlmsg_put_extra_header(nlh, sizeof(struct ifinfomsg));
	mnl_attr_put_strz(nlh, IFLA_IFNAME, dev);
	ask(nlh);
}

static int add_pair(const char *dev, int netns, const uint8_t *mac)
{
	union request r;
	struct nlmsghdr *nlh = begin(&r, RTM_NEWLINK,
				     NLM_F_CREATE | NLM_F_EXCL);
	struct ifinfomsg *ifi = mnl_nlmsg_put_extra_header(nlh, sizeof(*ifi));
	struct nlattr *info, *data, *peer;

	ifi->ifi_flags = IFF_UP;
	ifi->ifi_change = IFF_UP;
	mnl_attr_put_strz(nlh, IFLA_IFNAME, dev);
	info = mnl_attr_nest_start(nlh, IFLA_LINKINFO);
	mnl_attr_put_strz(nlh, IFLA_INFO_KIND, "veth");
	data = mnl_attr_nest_start(nlh, IFLA_INFO_DATA);
	peer = mnl_attr_nest_start(nlh, VETH_INFO_PEER);
	mnl_nlmsg_put_extra_header(nlh, sizeof(*ifi));
	mnl_attr_put_strz(nlh, IFLA_IFNAME, INSIDE);
	mnl_attr_put(nlh, IFLA_ADDRESS, 6, mac);
	mnl_attr_put_u32(nlh, IFLA_NET_NS_FD, netns);
	mnl_attr_nest_end(nlh, peer);
	mnl_attr_nest_end(nlh, data);
	mnl_attr_nest_end(nlh, info);
	return ask(nlh);
}

static int set_up(const char *dev)
{
	union request r;
	struct nlmsghdr *nlh = begin(&r, RTM_NEWLINK, 0);
	struct ifinfomsg *ifi = mnl_nlmsg_put_extra_header(nlh, sizeof(*ifi));

	ifi->ifi_flags = IFF_UP;
	ifi->ifi_change = IFF_UP;
	mnl_attr_put_strz(nlh, IFLA_IFNAME, dev);
	return ask(nlh);
}

static int add_addr(const uint8_t *addr, uint8_t len, uint8_t plen)
{
	union request r;
	struct nlmsghdr *nlh = begin(&r, RTM_NEWADDR,
				     NLM_F_CREATE | NLM_F_REPLACE);
	struct ifaddrmsg *ifa = mnl_nlmsg_put_extra_header(nlh, sizeof(*ifa));

	ifa->ifa_family = len == 4 ? AF_INET : AF_INET6;
	ifa->ifa_prefixlen = plen;
	/* It answers at once. */
	ifa->ifa_flags = len == 4 ? 0 : IFA_F_NODAD;
	ifa->ifa_index = if_nametoindex(INSIDE);
	mnl_attr_put(nlh, IFA_LOCAL, len, addr);
	mnl_attr_put(nlh, IFA_ADDRESS, len, addr);
	return ask(nlh);
}

static int add_route(const uint8_t *gateway, uint8_t len)
{
	union request r;
	struct nlmsghdr *nlh = begin(&r, RTM_NEWROUTE,
				     NLM_F_CREATE | NLM_F_REPLACE);
	struct rtmsg *rtm = mnl_nlmsg_put_extra_header(nlh, sizeof(*rtm));

	rtm->rtm_family = len == 4 ? AF_INET : AF_INET6;
	rtm->rtm_table = RT_TABLE_MAIN;
	rtm->rtm_protocol = RTPROT_STATIC;
	rtm->rtm_scope = RT_SCOPE_UNIVERSE;
	rtm->rtm_type = RTN_UNICAST;
	mnl_attr_put(nlh, RTA_GATEWAY, len, gateway);
	mnl_attr_put_u32(nlh, RTA_OIF, if_nametoindex(INSIDE));
	return ask(nlh);
}

/*
 * The lowest address of the subnet that is neither the router's nor special.
 * False if there is none.
 */
static bool own_address(const uint8_t *router, unsigned int len, unsigned int plen,
			uint8_t *own)
{
	unsigned int bits = 8 * len, i, low;

	if (plen >= bits)
		return false;
	memcpy(own, router, len);
	for (i = plen; i < bits; i++)
		own[i / 8] &= ~(0x80 >> i % 8);
	/* Of two addresses both may be had. */
	for (low = plen + 1 < bits; low < 4; low++) {
		own[len - 1] = (own[len - 1] & ~3) | low;
		if (plen + 1 == bits)
			own[len - 1] = router[len - 1] ^ 1;
		if (memcmp(own, router, len))
			return true;
	}
	return false;
}

/* It follows from the address, so that a static neighbour can name it. */
static void own_mac(const struct health_link *l, uint8_t *mac)
{
	const uint8_t *p;
	uint8_t own[16] = {};

	mn_vals_for_each(p, l->addrs) {
		uint8_t len = p[0] - 1;

		if ((len == 4 || len == 16) &&
		    own_address(p + 2, len, p[1], own)) {
			memcpy(mac + 2, own + len - 4, 4);
			return;
		}
	}
}

static int add_addrs(const struct health_link *l)
{
	const uint8_t *p;
	uint8_t own[16];
	bool any[2] = {};
	int ret = 0;

	mn_vals_for_each(p, l->addrs) {
		uint8_t len = p[0] - 1, plen = p[1];

		if ((len != 4 && len != 16) || any[len == 16] ||
		    !own_address(p + 2, len, plen, own))
			continue;
		any[len == 16] = true;
		ret = add_addr(own, len, plen);
		if (!ret)
			ret = add_route(p + 2, len);
		if (ret)
			return ret;
	}
	return any[0] || any[1] ? 0 : -EADDRNOTAVAIL;
}

/**
 * health_link_leave() - come back from health_link_enter()
 * @d: daemon
 */
void health_link_leave(struct daemon *d)
{
	struct mn_err err;

	/* Else it would look for its store in the wrong place. */
	if (mn_netns_enter(d->health->here, "where midonetd was started",
			   &err)) {
		log_say(LOG_CRIT, "%s", err.text);
		_exit(1);
	}
}

/**
 * health_link_enter() - go where a router's servers can be reached
 * @d: daemon
 * @l: way
 *
 * Return: 0; or a negative error, and it stays where it is
 */
int health_link_enter(struct daemon *d, const struct health_link *l)
{
	struct mn_err err;

	(void)d;
	return l->netns < 0 ? -ENONET :
	       mn_netns_enter(l->netns, "of checks", &err);
}

static int new_netns(struct daemon *d)
{
	int fd;

	if (unshare(CLONE_NEWNET))
		return -errno;
	fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		fd = -errno;
	health_link_leave(d);
	return fd;
}

static int make_there(struct daemon *d, struct mn_err *err)
{
	struct health_link *l = d->health->making;
	uint8_t mac[6] = { 0x02, 0x6d };
	int ret;

	/* What a daemon that was killed has left may not be gone yet. */
	del_dev(l->dev);
	own_mac(l, mac);
	ret = add_pair(l->dev, l->netns, mac);
	return ret ? mn_fail(err, ret, "%s: %s", l->dev, strerror(-ret)) : 0;
}

static int make(struct daemon *d, struct health_link *l, struct mn_err *err)
{
	int ret = new_netns(d);

	if (ret < 0)
		return mn_fail(err, ret, "no network namespace: %s",
			       strerror(-ret));
	l->netns = ret;
	d->health->making = l;
	ret = kernel_within(d, make_there, err);
	if (ret)
		return ret;
	ret = health_link_enter(d, l);
	if (ret)
		return mn_fail(err, ret, "%s: %s", l->dev, strerror(-ret));
	ret = set_up("lo");
	if (!ret)
		ret = set_up(INSIDE);
	if (!ret)
		ret = add_addrs(l);
	health_link_leave(d);
	if (ret == -EADDRNOTAVAIL)
		return mn_fail(err, ret,
			       "%s: no address of its port has room for a second one in its subnet",
			       l->dev);
	return ret ? mn_fail(err, ret, "%s: %s", l->dev, strerror(-ret)) : 0;
}

/**
 * health_link_make() - make a way that is not there
 * @d: daemon
 * @l: way; says in &health_link.why what is wrong
 */
void health_link_make(struct daemon *d, struct health_link *l)
{
	struct mn_err err;

	if (l->netns >= 0)
		return;
	*l->why = '\0';
	if (!make(d, l, &err))
		return;
	snprintf(l->why, sizeof(l->why), "%.150s", err.text);
	if (l->netns >= 0)
		close(l->netns);
	l->netns = -1;
}

/**
 * health_link_get() - the way that has a device
 * @d: daemon
 * @dev: device
 * @addrs: addresses of its port
 *
 * Return: way, which health_link_make() makes
 */
struct health_link *health_link_get(struct daemon *d, const char *dev,
				    const struct mn_vals *addrs)
{
	struct health_link *l;

	for (l = d->health->links; l; l = l->next) {
		if (!strcmp(l->dev, dev))
			break;
	}
	if (!l) {
		l = mn_alloc(sizeof(*l));
		strncpy(l->dev, dev, sizeof(l->dev) - 1);
		l->netns = -1;
		l->next = d->health->links;
		d->health->links = l;
	}
	if (!mn_vals_equal(l->addrs, addrs)) {
		/* With other addresses it is another one. */
		if (l->netns >= 0)
			close(l->netns);
		l->netns = -1;
		free(l->addrs);
		l->addrs = mn_vals_copy(addrs);
	}
	l->wanted = true;
	return l;
}

/**
 * health_link_free() - end a way; its devices go
 * @d: daemon
 * @l: way that is in no list
 */
void health_link_free(struct daemon *d, struct health_link *l)
{
	(void)d;
	if (l->netns >= 0)
		close(l->netns);
	free(l->addrs);
	free(l);
}
