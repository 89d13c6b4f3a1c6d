// SPDX-License-Identifier: GPL-2.0
/*
 * Sentences that refuse requests. An extended acknowledgment only points at its
 * sentence, so somebody has to keep it until the acknowledgment is sent: the gate
 * of the family does, on its stack, see config/nl.c. A request is worked off by the
 * task that sent it, and a task works off one at a time.
 */
#include <linux/sched.h>

#include "config/errmsg.h"
#include "net.h"

/**
 * mn_errmsg_add() - keep room for a sentence of this task
 * @mn: namespace
 * @msg: room, until mn_errmsg_del()
 */
void mn_errmsg_add(struct mn_net *mn, struct mn_errmsg *msg)
{
	msg->task = current;
	spin_lock(&mn->errmsg_lock);
	list_add(&msg->node, &mn->errmsgs);
	spin_unlock(&mn->errmsg_lock);
}

/**
 * mn_errmsg_del() - the sentence is not needed any more
 * @mn: namespace
 * @msg: as given to mn_errmsg_add()
 */
void mn_errmsg_del(struct mn_net *mn, struct mn_errmsg *msg)
{
	spin_lock(&mn->errmsg_lock);
	list_del(&msg->node);
	spin_unlock(&mn->errmsg_lock);
}

static struct mn_errmsg *errmsg_find(struct mn_net *mn)
{
	struct mn_errmsg *msg, *found = NULL;

	spin_lock(&mn->errmsg_lock);
	list_for_each_entry(msg, &mn->errmsgs, node) {
		if (msg->task == current) {
			found = msg;
			break;
		}
	}
	spin_unlock(&mn->errmsg_lock);
	return found;
}

/**
 * mn_err() - refuse a request with a sentence
 * @mn: namespace
 * @extack: where the sentence goes, or NULL
 * @err: negative error
 * @fmt: names the object and says what to do
 *
 * Without room of this task's the request is refused without a word.
 *
 * Context: any of the task that works the request off.
 *
 * Return: @err
 */
int mn_err(struct mn_net *mn, struct netlink_ext_ack *extack, int err,
	   const char *fmt, ...)
{
	struct mn_errmsg *msg = extack ? errmsg_find(mn) : NULL;
	va_list args;

	if (!msg)
		return err;
	va_start(args, fmt);
	vscnprintf(msg->text, sizeof(msg->text), fmt, args);
	va_end(args);
	extack->_msg = msg->text;
	return err;
}
