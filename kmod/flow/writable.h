/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_FLOW_WRITABLE_H
#define _MN_FLOW_WRITABLE_H

#include <linux/skbuff.h>

/**
 * mn_make_writable() - may the first bytes of a packet be changed in place?
 * @skb: packet, not shared
 * @len: so many bytes from skb->data
 *
 * Most packets are ours alone up to there, which is seen without a call. Others
 * get a copy; pointers to headers are to be read again.
 *
 * Context: any.
 *
 * Return: false without memory, or if the packet is shorter
 */
static __always_inline bool mn_make_writable(struct sk_buff *skb, u32 len)
{
	if (likely(skb_headlen(skb) >= len &&
		   (!skb_cloned(skb) || skb_clone_writable(skb, len))))
		return true;
	return !skb_ensure_writable(skb, len);
}

#endif /* _MN_FLOW_WRITABLE_H */
