// SPDX-License-Identifier: GPL-2.0
/* Ports that do not work, and packets that do not fit into tunnels. */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "doctor.h"
#include "midoctl.h"

/* Of each kind of trouble with ports so many are told. */
#define PORTS_TOLD	20

/* What is told of a port has the command behind the last semicolon. */
static void split(const char *reason, char *text, size_t size, const char **next)
{
	const char *semi = strstr(reason, "; ip link");

	snprintf(text, size, "%.*s", semi ? (int)(semi - reason) : 300, reason);
	*next = semi ? semi + 2 : NULL;
}

static void print_val(const struct ctl *ctl, struct mn_obj *obj, int wire,
		      struct mn_buf *out)
{
	int i = mn_type_wire(obj->type, wire);

	out->len = 0;
	mn_buf_puts(out, "");
	if (obj->vals[i])
		mn_vals_print(&obj->type->attrs[i], &ctl->model->names,
			      obj->vals[i], out);
}

/* Waiting for what others do is no error. */
static void judge_port(struct doctor *d, const struct ctl *ctl,
		       struct mn_obj *port, const char *state)
{
	struct mn_buf name = {}, reason = {};
	char text[400], command[200];
	const char *next;

	mn_obj_full_name(port, &name);
	print_val(ctl, port, MIDONET_A_STATE_REASON, &reason);
	split(reason.s, text, sizeof(text), &next);
	if (!strcmp(state, "no-device")) {
		snprintf(command, sizeof(command), "midoctl unbind %s", name.s);
		next = command;
		doctor_say(d, DOCTOR_WARNING, "port", next,
			   "%s: %s; start what makes it, or have the port without one",
			   name.s, text);
	} else if (!strcmp(state, "error")) {
		snprintf(command, sizeof(command), "midoctl port show %s",
			 name.s);
		doctor_say(d, DOCTOR_ERROR, "port", next ?: command, "%s: %s",
			   name.s, text);
	} else {
		snprintf(command, sizeof(command),
			 "midoctl port set %s admin-up true", name.s);
		doctor_say(d, DOCTOR_WARNING, "port",
			   next ?: strcmp(text, "admin-up is false") ? next :
								      command,
			   "%s is %s: %s", name.s, state, text);
	}
	mn_buf_free(&name);
	mn_buf_free(&reason);
}

/**
 * doctor_ports() - what is wrong with ports here
 * @d: examination
 * @ctl: run, the kernel is open
 */
void doctor_ports(struct doctor *d, struct ctl *ctl)
{
	struct mn_buf state = {};
	uint32_t i, n, bad = 0;
	struct mn_obj **ports;

	if (mn_model_want(ctl->model, MIDONET_OBJECT_TYPE_PORT, &ctl->err))
		return;
	ports = mn_model_sorted(ctl->model, MIDONET_OBJECT_TYPE_PORT, &n);
	for (i = 0; i < n; i++) {
		print_val(ctl, ports[i], MIDONET_A_STATE, &state);
		if (!strcmp(state.s, "up") || !strcmp(state.s, "remote") ||
		    !strcmp(state.s, "unplugged") || !*state.s)
			continue;
		if (bad++ < PORTS_TOLD)
			judge_port(d, ctl, ports[i], state.s);
	}
	if (bad > PORTS_TOLD)
		doctor_say(d, DOCTOR_WARNING, "port", "midoctl port list",
			   "%u more do not work", bad - PORTS_TOLD);
	if (!bad)
		doctor_say(d, DOCTOR_OK, "ports", NULL,
			   "all of %u work", n);
	mn_buf_free(&state);
	free(ports);
}

/**
 * struct owner - who has an address
 * @family: of the address
 * @addr: the address
 * @index: of the device, 0: nobody yet
 */
struct owner {
	int family;
	uint8_t addr[16];
	unsigned int index;
};

static int owner_cb(const struct nlmsghdr *nlh, void *arg)
{
	const struct ifaddrmsg *ifa = mnl_nlmsg_get_payload(nlh);
	struct owner *o = arg;
	struct nlattr *attr;
	size_t len = o->family == AF_INET ? 4 : 16;
	int local = o->family == AF_INET ? IFA_LOCAL : IFA_ADDRESS;

	mnl_attr_for_each(attr, nlh, sizeof(*ifa)) {
		if (mnl_attr_get_type(attr) == local &&
		    mnl_attr_get_payload_len(attr) == len &&
		    !memcmp(mnl_attr_get_payload(attr), o->addr, len))
			o->index = ifa->ifa_index;
	}
	return MNL_CB_OK;
}

/* The device that has an address, 0: none here. */
static unsigned int find_owner(struct owner *o)
{
	struct mnl_socket *sock = mnl_socket_open(NETLINK_ROUTE);
	char buf[32 * 1024];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct ifaddrmsg *ifa;
	ssize_t n;
	int ret = MNL_CB_OK;

	nlh->nlmsg_type = RTM_GETADDR;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	ifa = mnl_nlmsg_put_extra_header(nlh, sizeof(*ifa));
	ifa->ifa_family = o->family;
	if (!sock)
		return 0;
	if (!mnl_socket_bind(sock, 0, MNL_SOCKET_AUTOPID) &&
	    mnl_socket_sendto(sock, nlh, nlh->nlmsg_len) > 0) {
		while (ret > MNL_CB_STOP) {
			n = mnl_socket_recvfrom(sock, buf, sizeof(buf));
			ret = n <= 0 ? MNL_CB_ERROR :
			      mnl_cb_run(buf, n, 0, 0, owner_cb, o);
		}
	}
	mnl_socket_close(sock);
	return o->index;
}

static int mtu_of(const char *dev)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq req = {};
	int mtu = 0;

	snprintf(req.ifr_name, sizeof(req.ifr_name), "%s", dev);
	if (fd >= 0 && !ioctl(fd, SIOCGIFMTU, &req))
		mtu = req.ifr_mtu;
	if (fd >= 0)
		close(fd);
	return mtu;
}

/* Bytes from the IP header outside to the one inside, as kmod/overlay/sync.c. */
static int overhead(const struct mn_obj *zone, int family)
{
	if (mn_zone_encap(zone) == MIDONET_ENCAP_GRE)
		return 42;
	return family == AF_INET6 ? 70 : 50;
}

/* The largest MTU of devices of ports that reach other hosts. */
static int largest_mtu(struct ctl *ctl, char *dev, size_t size)
{
	struct mn_buf text = {}, state = {};
	struct mn_obj **ports;
	int mtu, most = 0;
	uint32_t i, n;

	ports = mn_model_sorted(ctl->model, MIDONET_OBJECT_TYPE_PORT, &n);
	for (i = 0; i < n; i++) {
		print_val(ctl, ports[i], MIDONET_A_DEV, &text);
		print_val(ctl, ports[i], MIDONET_A_STATE, &state);
		if (!text.len || strcmp(state.s, "up"))
			continue;
		mtu = mtu_of(text.s);
		if (mtu <= most)
			continue;
		most = mtu;
		snprintf(dev, size, "%s", text.s);
	}
	free(ports);
	mn_buf_free(&text);
	mn_buf_free(&state);
	return most;
}

static void judge_mtu(struct doctor *d, struct ctl *ctl,
		      const struct mn_obj *zone, const char *dev, int family)
{
	char vm[IF_NAMESIZE + 1] = "", next[120];
	int most = largest_mtu(ctl, vm, sizeof(vm)), mtu = mtu_of(dev);
	int need = most + overhead(zone, family);

	if (!most || !mtu)
		return;
	if (need <= mtu) {
		doctor_say(d, DOCTOR_OK, "mtu", NULL,
			   "tunnel-zone %s: packets of %d fit into %d of %s",
			   zone->name, most, mtu, dev);
		return;
	}
	snprintf(next, sizeof(next), "ip link set %s mtu %d", dev, need);
	doctor_say(d, DOCTOR_WARNING, "mtu", next,
		   "tunnel-zone %s: %s has MTU %d, packets of %s (%d) do not fit behind %d bytes of headers: raise it on all hosts and switches, or have VMs use %d",
		   zone->name, dev, mtu, vm, most, need - most,
		   mtu - (need - most));
}

static bool read_member(struct ctl *ctl, struct mn_obj *member, struct owner *o,
			struct mn_buf *text)
{
	memset(o, 0, sizeof(*o));
	print_val(ctl, member, MIDONET_A_ADDRESS, text);
	o->family = strchr(text->s, ':') ? AF_INET6 : AF_INET;
	return inet_pton(o->family, text->s, o->addr) == 1;
}

/**
 * doctor_mtus() - do packets fit into tunnels?
 * @d: examination
 * @ctl: run, the kernel is open
 */
void doctor_mtus(struct doctor *d, struct ctl *ctl)
{
	struct mn_buf text = {};
	struct mn_obj **members;
	char dev[IF_NAMESIZE];
	uint32_t i, n;
	struct owner o;

	if (mn_model_want(ctl->model, MIDONET_OBJECT_TYPE_PORT, &ctl->err) ||
	    mn_model_want(ctl->model, MIDONET_OBJECT_TYPE_TUNNEL_ZONE_MEMBER,
			  &ctl->err))
		return;
	members = mn_model_sorted(ctl->model,
				  MIDONET_OBJECT_TYPE_TUNNEL_ZONE_MEMBER, &n);
	for (i = 0; i < n; i++) {
		if (read_member(ctl, members[i], &o, &text) &&
		    find_owner(&o) && if_indextoname(o.index, dev))
			judge_mtu(d, ctl, members[i]->parent, dev, o.family);
	}
	mn_buf_free(&text);
	free(members);
}
