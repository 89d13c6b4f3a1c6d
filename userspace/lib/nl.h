/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_NL_H
#define _MN_NL_H

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>

#include "util.h"
#include "values.h"

#define MN_ATTRS_MAX	64

/**
 * struct mn_nl - connection to the kernel
 * @sock: socket
 * @family: number of the family
 * @seq: of the last request
 * @rx: for what is received
 * @rx_size: bytes of @rx
 */
struct mn_nl {
	struct mnl_socket *sock;
	uint16_t family;
	uint32_t seq;
	char *rx;
	size_t rx_size;
};

/* Called for each message; a negative value ends the reading. */
typedef int (*mn_nl_cb)(const struct nlmsghdr *nlh, void *arg);

/* Called for each request that was refused: which one, from 0, and why. */
typedef void (*mn_nl_refused)(uint32_t n, const struct mn_err *err, void *arg);

int mn_nl_open(struct mn_nl *nl, struct mn_err *err);
void mn_nl_close(struct mn_nl *nl);
int mn_nl_join(struct mn_nl *nl, const char *group, struct mn_err *err);

/* Messages are built one behind the other in a buffer. */
size_t mn_msg_begin(struct mn_buf *b, const struct mn_nl *nl, int cmd,
		    int flags);
void mn_msg_end(struct mn_buf *b, size_t at);
void mn_msg_put(struct mn_buf *b, int attr, const void *data, size_t len);
void mn_msg_put_u8(struct mn_buf *b, int attr, uint8_t value);
void mn_msg_put_u32(struct mn_buf *b, int attr, uint32_t value);
void mn_msg_put_u64(struct mn_buf *b, int attr, uint64_t value);
size_t mn_msg_nest(struct mn_buf *b, int attr);
void mn_msg_nest_end(struct mn_buf *b, size_t at);

int mn_nl_send(struct mn_nl *nl, const struct mn_buf *b, struct mn_err *err);
int mn_nl_pending(struct mn_nl *nl, struct mn_err *err);
int mn_nl_call(struct mn_nl *nl, const struct mn_buf *b, mn_nl_cb cb, void *arg,
	       struct mn_err *err);
int mn_nl_each(struct mn_nl *nl, const struct mn_buf *b, mn_nl_refused refused,
	       void *arg, struct mn_err *err);
int mn_nl_dump(struct mn_nl *nl, const struct mn_buf *b, mn_nl_cb cb, void *arg,
	       struct mn_err *err);
int mn_nl_events(struct mn_nl *nl, mn_nl_cb cb, void *arg, int timeout_ms,
		 struct mn_err *err);

/* Attributes of a message or nest; of repeated ones the last. */
void mn_msg_attrs(const struct nlmsghdr *nlh, const struct nlattr **tb,
		  size_t max);
void mn_nest_attrs(const struct nlattr *nest, const struct nlattr **tb,
		   size_t max);
int mn_msg_cmd(const struct nlmsghdr *nlh);
uint64_t mn_attr_num(const struct nlattr *attr);
const char *mn_attr_text(const struct nlattr *attr);

#define mn_msg_for_each(attr, nlh) \
	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr))

#endif /* _MN_NL_H */
