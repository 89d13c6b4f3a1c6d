/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_ENCAP_H
#define _MN_ENCAP_H

#include <linux/skbuff.h>
#include <linux/types.h>

struct sock;

/* Keys of ports are below; this one is that of messages between hosts. */
#define MN_KEY_STATE	0xFFFFFF

/* Bytes of our headers behind that of UDP: without options. */
#define MN_VXLAN_HLEN	8
#define MN_GENEVE_HLEN	8

/* Bytes of a GRE header with a key. */
#define MN_GRE_HLEN	8

/**
 * struct mn_encap_hdr - what a header says that came out of a tunnel
 * @key: tunnel key, 24 bits
 * @len: bytes from behind the UDP header to the packet inside
 */
struct mn_encap_hdr {
	u32 key;
	u32 len;
};

/* overlay/vxlan.c */
void mn_vxlan_push(struct sk_buff *skb, u32 key);
u32 mn_vxlan_parse(const struct sk_buff *skb, int offset,
		   struct mn_encap_hdr *hdr);
struct sk_buff *mn_vxlan_gro_receive(struct sock *sk, struct list_head *head,
				     struct sk_buff *skb);
int mn_vxlan_gro_complete(struct sock *sk, struct sk_buff *skb, int nhoff);

/* overlay/geneve.c */
void mn_geneve_push(struct sk_buff *skb, u32 key);
u32 mn_geneve_parse(const struct sk_buff *skb, int offset,
		    struct mn_encap_hdr *hdr);
struct sk_buff *mn_geneve_gro_receive(struct sock *sk, struct list_head *head,
				      struct sk_buff *skb);
int mn_geneve_gro_complete(struct sock *sk, struct sk_buff *skb, int nhoff);

/* overlay/gro.c */
struct sk_buff *mn_encap_gro_receive(struct list_head *head,
				     struct sk_buff *skb);
int mn_encap_gro_complete(struct sk_buff *skb, int off);

#endif /* _MN_ENCAP_H */
