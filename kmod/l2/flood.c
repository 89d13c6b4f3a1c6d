// SPDX-License-Identifier: GPL-2.0
/*
 * Large floods. The walk decides every output; more than MN_CTX_OUTS of them
 * are not sent in the softirq that received the packet but by a worker of the
 * CPU, a job of at most MN_CTX_OUTS at a time. The queue is bounded; a packet
 * whose jobs do not all fit is dropped as a whole.
 *
 * Until the walk is over its jobs hang in the context and refer to ports under
 * its RCU. Queued, they hold references, which the worker drops: the last one
 * may sleep.
 */
#include <linux/list.h>
#include <linux/percpu.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <net/dst.h>

#include "flow/actions.h"
#include "l2/flood.h"
#include "overlay/peer.h"
#include "port/port.h"
#include "sim/ctx.h"
#include "sim/drop.h"

#define MN_FLOOD_JOBS	2048	/* queued on a CPU */

/**
 * struct mn_flood_job - copies to send
 * @next: next of the packet, while in &mn_ctx.jobs
 * @list: in &mn_flood_queue.jobs
 * @skb: packet, a clone for this job
 * @key: its headers as it came
 * @n: number of @outs
 * @outs: outputs; once queued, with references on ports and peers
 */
struct mn_flood_job {
	struct mn_flood_job *next;
	struct list_head list;
	struct sk_buff *skb;
	struct mn_flow_key key;
	u16 n;
	struct mn_out outs[] __counted_by(n);
};

/**
 * struct mn_flood_queue - jobs of a CPU
 * @mn: namespace
 * @lock: protects @n and @jobs
 * @n: number of @jobs
 * @jobs: in order
 * @work: sends them
 */
struct mn_flood_queue {
	struct mn_net *mn;
	spinlock_t lock;		/* see above */
	u32 n;
	struct list_head jobs;
	struct work_struct work;
};

/**
 * struct mn_flood - queues of a namespace
 * @queues: one a CPU
 */
struct mn_flood {
	struct mn_flood_queue __percpu *queues;
};

/**
 * mn_flood_add() - make a job of the outputs a walk has so far
 * @ctx: walk; its outs are empty afterwards
 *
 * A trace merely forgets them.
 *
 * Context: BH disabled, RCU.
 *
 * Return: false without room or memory: the packet is to be dropped
 */
bool mn_flood_add(struct mn_ctx *ctx)
{
	struct mn_flood_job *job;

	ctx->large = true;
	ctx->cacheable = false;
	if (ctx->live) {
		if (ctx->n_jobs >= MN_FLOOD_JOBS)
			return false;
		job = kmalloc(struct_size(job, outs, ctx->n_outs),
			      GFP_ATOMIC | __GFP_NOWARN);
		if (!job)
			return false;
		job->n = ctx->n_outs;
		job->skb = NULL;
		job->key = ctx->in_key;
		memcpy(job->outs, ctx->outs, ctx->n_outs * sizeof(*ctx->outs));
		job->next = ctx->jobs;
		ctx->jobs = job;
		ctx->n_jobs++;
	}
	ctx->n_outs = 0;
	return true;
}

/**
 * mn_flood_forget() - free the jobs of a walk that came to nothing
 * @ctx: walk
 */
void mn_flood_forget(struct mn_ctx *ctx)
{
	struct mn_flood_job *job;

	while ((job = ctx->jobs)) {
		ctx->jobs = job->next;
		kfree_skb(job->skb);
		kfree(job);
	}
	ctx->n_jobs = 0;
}

/*
 * What is queued must keep neither the device it came from nor a route: they may
 * go before it is sent.
 */
static bool clone_all(struct mn_ctx *ctx, struct sk_buff *skb)
{
	struct mn_flood_job *job;

	skb_orphan(skb);
	skb_dst_drop(skb);
	for (job = ctx->jobs; job; job = job->next) {
		job->skb = skb_clone(skb, GFP_ATOMIC | __GFP_NOWARN);
		if (!job->skb)
			return false;
		job->skb->dev = NULL;
		/* The device may be gone when the worker comes to it. */
		job->skb->dev = NULL;
	}
	return true;
}

/* What an output refers to; both are there in this RCU section. */
static void out_get(const struct mn_out *out)
{
	refcount_inc(&out->port->obj.ident.ref);
	if (out->remote)
		refcount_inc(&out->via.peer->ref);
}

static void out_put(struct mn_net *mn, const struct mn_out *out)
{
	if (out->remote)
		mn_peer_put(out->via.peer);
	mn_obj_put(mn, &out->port->obj);
}

/* Under the queue's lock; the order of outputs is of no importance. */
static void enqueue(struct mn_ctx *ctx, struct mn_flood_queue *q)
{
	struct mn_flood_job *job;
	u16 i;

	while ((job = ctx->jobs)) {
		ctx->jobs = job->next;
		for (i = 0; i < job->n; i++)
			out_get(&job->outs[i]);
		list_add_tail(&job->list, &q->jobs);
	}
	q->n += ctx->n_jobs;
	ctx->n_jobs = 0;
}

/**
 * mn_flood_send() - hand the outputs of a large flood to the worker
 * @ctx: walk with jobs, and the last outputs in outs
 * @skb: packet; consumed
 *
 * Context: BH disabled, RCU.
 */
void mn_flood_send(struct mn_ctx *ctx, struct sk_buff *skb)
{
	struct mn_flood_queue *q = this_cpu_ptr(ctx->mn->flood->queues);
	struct mn_place place = {
		.reason = MIDONET_DROP_REASON_FLOOD_QUEUE,
		.device = ctx->in->obj.parent,
		.port = ctx->in,
	};
	bool queued = false;

	if (ctx->n_outs && !mn_flood_add(ctx))
		goto drop;
	if (!clone_all(ctx, skb)) {
		place.reason = MIDONET_DROP_REASON_NOMEM;
		goto drop;
	}
	spin_lock(&q->lock);
	if (q->n + ctx->n_jobs <= MN_FLOOD_JOBS) {
		enqueue(ctx, q);
		queued = true;
	}
	spin_unlock(&q->lock);
	if (!queued)
		goto drop;
	schedule_work_on(smp_processor_id(), &q->work);
	consume_skb(skb);
	return;

drop:
	mn_flood_forget(ctx);
	mn_drop(ctx->mn, skb, &place, &ctx->in_key);
}

/* Frees @job. */
static void job_run(struct mn_net *mn, struct mn_flood_job *job)
{
	struct mn_actions acts = {
		.verdict = MIDONET_VERDICT_FLOOD,
		.n_outs = job->n,
		.outs = job->outs,
	};
	u16 i;

	local_bh_disable();
	rcu_read_lock();
	mn_actions_execute(mn, job->skb, &acts, &job->key);
	rcu_read_unlock();
	local_bh_enable();
	for (i = 0; i < job->n; i++)
		out_put(mn, &job->outs[i]);
	kfree(job);
}

static struct mn_flood_job *dequeue(struct mn_flood_queue *q)
{
	struct mn_flood_job *job;

	spin_lock_bh(&q->lock);
	job = list_first_entry_or_null(&q->jobs, struct mn_flood_job, list);
	if (job) {
		list_del(&job->list);
		q->n--;
	}
	spin_unlock_bh(&q->lock);
	return job;
}

static void flood_work(struct work_struct *work)
{
	struct mn_flood_queue *q = container_of(work, struct mn_flood_queue,
						work);
	struct mn_flood_job *job;

	while ((job = dequeue(q))) {
		job_run(q->mn, job);
		cond_resched();
	}
}

/**
 * mn_flood_init() - set up the queues of a namespace
 * @mn: namespace
 *
 * Context: may sleep.
 *
 * Return: 0 or -ENOMEM
 */
int mn_flood_init(struct mn_net *mn)
{
	struct mn_flood *f = kzalloc(sizeof(*f), GFP_KERNEL_ACCOUNT);
	struct mn_flood_queue *q;
	int cpu;

	if (!f)
		return -ENOMEM;
	f->queues = alloc_percpu(struct mn_flood_queue);
	if (!f->queues) {
		kfree(f);
		return -ENOMEM;
	}
	for_each_possible_cpu(cpu) {
		q = per_cpu_ptr(f->queues, cpu);
		q->mn = mn;
		spin_lock_init(&q->lock);
		INIT_LIST_HEAD(&q->jobs);
		INIT_WORK(&q->work, flood_work);
	}
	mn->flood = f;
	return 0;
}

/**
 * mn_flood_stop() - send what is queued
 * @mn: namespace; no packet is in a walk, so nothing is queued any more. Its
 *	devices are detached, so what is sent is dropped
 *
 * Context: may sleep.
 */
void mn_flood_stop(struct mn_net *mn)
{
	int cpu;

	for_each_possible_cpu(cpu)
		flush_work(&per_cpu_ptr(mn->flood->queues, cpu)->work);
}

/**
 * mn_flood_exit() - free the queues
 * @mn: namespace; stopped
 *
 * Context: may sleep.
 */
void mn_flood_exit(struct mn_net *mn)
{
	mn_flood_stop(mn);
	free_percpu(mn->flood->queues);
	kfree(mn->flood);
}
