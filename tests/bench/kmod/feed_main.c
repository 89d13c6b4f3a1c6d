// SPDX-License-Identifier: GPL-2.0
/*
 * mn_feed: the datapath's cost without a generator and without real devices.
 *
 * One request is written to /proc/mn_feed, in words "dev=d0 count=1000000
 * flows=1 dst=02:..", and runs at once in the writer's context (taskset says
 * on which CPU); reading the same file descriptor gives the result.
 */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/nsproxy.h>
#include <linux/proc_fs.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <net/net_namespace.h>

#include "feed.h"

#define FEED_LINE	512
#define FEED_SEED	20
#define FEED_MAX_SIZE	1514

struct feed_file {
	struct mutex lock;	/* of the rest: a descriptor may be shared */
	struct feed_request req;
	char line[FEED_LINE];
};

static void feed_release_devs(struct feed_request *req)
{
	dev_put(req->a.dev);
	dev_put(req->b.dev);
	req->a.dev = NULL;
	req->b.dev = NULL;
}

static int feed_parse_dev(const char *value, struct feed_stream *s)
{
	dev_put(s->dev);
	s->dev = dev_get_by_name(current->nsproxy->net_ns, value);
	return s->dev ? 0 : -ENODEV;
}

static int feed_parse_mode(const char *value, struct feed_stream *s)
{
	static const char * const names[] = { "flows", "fresh", "fresh-tcp",
					       "macs", "random",
					       "spread", "arp", "arp-reply",
					       "ns", "na", "ttl", "big", "cut",
					       "syn", "frag", "error",
					       "flows-tcp", "vxlan" };
	int mode = match_string(names, ARRAY_SIZE(names), value);

	if (mode < 0)
		return mode;
	s->mode = mode;
	return 0;
}

static int feed_parse_mac(const char *value, u8 *mac)
{
	int n = sscanf(value, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", &mac[0], &mac[1], &mac[2],
		       &mac[3], &mac[4], &mac[5]);

	return n == ETH_ALEN ? 0 : -EINVAL;
}

/* words of a stream; those of B end in 2 */
static int feed_parse_stream(const char *word, const char *value, struct feed_stream *s)
{
	if (!strcmp(word, "dev"))
		return feed_parse_dev(value, s);
	if (!strcmp(word, "mode"))
		return feed_parse_mode(value, s);
	if (!strcmp(word, "flows"))
		return kstrtou32(value, 0, &s->flows);
	if (!strcmp(word, "first"))
		return kstrtou32(value, 0, &s->next);
	if (!strcmp(word, "over"))
		return kstrtou32(value, 0, &s->over);
	if (!strcmp(word, "net"))
		return kstrtou32(value, 0, &s->net);
	if (!strcmp(word, "vni"))
		return kstrtou32(value, 0, &s->vni);
	if (!strcmp(word, "size"))
		return kstrtou32(value, 0, &s->size);
	if (!strcmp(word, "src"))
		return feed_parse_mac(value, s->src);
	if (!strcmp(word, "dst"))
		return feed_parse_mac(value, s->dst);
	return -EINVAL;
}

static int feed_parse_word(char *word, struct feed_request *req)
{
	struct feed_stream *s = &req->a;
	char *value = strchr(word, '=');

	if (!value)
		return -EINVAL;
	*value++ = '\0';
	if (!strcmp(word, "count"))
		return kstrtou32(value, 0, &req->count);
	if (!strcmp(word, "rate"))
		return kstrtou32(value, 0, &req->rate);
	if (!strcmp(word, "rate2"))
		return kstrtou32(value, 0, &req->rate_b);
	if (!strcmp(word, "sink"))
		return kstrtou32(value, 0, &req->sink);
	if (word[0] && word[strlen(word) - 1] == '2') {
		word[strlen(word) - 1] = '\0';
		s = &req->b;
	}
	return feed_parse_stream(word, value, s);
}

static bool feed_size_ok(const struct feed_stream *s)
{
	u32 least = 60;

	if (s->mode == FEED_NS || s->mode == FEED_NA)
		least = FEED_ND_SIZE;
	if (s->mode == FEED_VXLAN)
		least += FEED_VXLAN_SIZE;
	return s->size >= least && s->size <= FEED_MAX_SIZE;
}

static void feed_stream_init(struct feed_stream *s)
{
	s->flows = 1;
	s->size = 60;
}

static int feed_parse(char *line, struct feed_request *req)
{
	char *word;
	int err;

	memset(req, 0, sizeof(*req));
	feed_stream_init(&req->a);
	feed_stream_init(&req->b);
	while ((word = strsep(&line, "\n "))) {
		if (!*word)
			continue;
		err = feed_parse_word(word, req);
		if (err)
			return err;
	}
	if (!req->a.dev || !req->a.flows || !req->b.flows)
		return -EINVAL;
	if (!feed_size_ok(&req->a) || !feed_size_ok(&req->b))
		return -EINVAL;
	/* another beginning, other random headers; the same, the same */
	prandom_seed_state(&req->a.rnd, FEED_SEED + req->a.next);
	prandom_seed_state(&req->b.rnd, FEED_SEED + req->b.next);
	return 0;
}

static ssize_t feed_write(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	struct feed_file *ff = file->private_data;
	int err;

	if (len >= FEED_LINE)
		return -E2BIG;
	mutex_lock(&ff->lock);
	err = -EFAULT;
	if (copy_from_user(ff->line, buf, len))
		goto unlock;
	ff->line[len] = '\0';
	err = feed_parse(ff->line, &ff->req);
	if (!err)
		err = feed_run(&ff->req);
	feed_release_devs(&ff->req);
unlock:
	mutex_unlock(&ff->lock);
	return err ? err : len;
}

static ssize_t feed_read(struct file *file, char __user *buf, size_t len, loff_t *pos)
{
	struct feed_file *ff = file->private_data;
	char line[96];
	int n;

	mutex_lock(&ff->lock);
	n = scnprintf(line, sizeof(line), "count=%u ns=%llu count2=%u gap=%llu\n",
		      ff->req.count, ff->req.ns, ff->req.sent_b, ff->req.gap);
	mutex_unlock(&ff->lock);
	return simple_read_from_buffer(buf, len, pos, line, n);
}

static int feed_open(struct inode *inode, struct file *file)
{
	struct feed_file *ff = kzalloc(sizeof(*ff), GFP_KERNEL);

	if (!ff)
		return -ENOMEM;
	mutex_init(&ff->lock);
	file->private_data = ff;
	return 0;
}

static int feed_release(struct inode *inode, struct file *file)
{
	kfree(file->private_data);
	return 0;
}

static const struct proc_ops feed_ops = {
	.proc_open = feed_open,
	.proc_release = feed_release,
	.proc_read = feed_read,
	.proc_write = feed_write,
	.proc_lseek = default_llseek,
};

static int __init feed_init(void)
{
	return proc_create("mn_feed", 0600, NULL, &feed_ops) ? 0 : -ENOMEM;
}

static void __exit feed_exit(void)
{
	remove_proc_entry("mn_feed", NULL);
}

module_init(feed_init);
module_exit(feed_exit);
MODULE_DESCRIPTION("Benchmark harness: feeds frames to netif_receive_skb()");
MODULE_LICENSE("GPL");
