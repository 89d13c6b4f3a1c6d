/* SPDX-License-Identifier: GPL-2.0 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM midonet

#if !defined(_MN_MIDONET_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _MN_MIDONET_TRACE_H

#include <linux/skbuff.h>
#include <linux/tracepoint.h>
#include <uapi/linux/midonet.h>

/* Arrays instead of dynamic strings: names are short, and have a maximum. */
TRACE_EVENT(drop,
	    TP_PROTO(const char *reason, const char *device, const char *port,
		     const char *rule, const struct sk_buff *skb),
	    TP_ARGS(reason, device, port, rule, skb),
	    TP_STRUCT__entry(__array(char, reason, 24)
			     __array(char, device, MIDONET_NAME_MAX + 1)
			     __array(char, port, 2 * MIDONET_NAME_MAX + 2)
			     __array(char, rule, MIDONET_NAME_MAX + 13)
			     __field(unsigned int, len)
			     __field(u16, proto)),
	    TP_fast_assign(strscpy(__entry->reason, reason, 24);
			   strscpy(__entry->device, device, MIDONET_NAME_MAX + 1);
			   strscpy(__entry->port, port, 2 * MIDONET_NAME_MAX + 2);
			   strscpy(__entry->rule, rule, MIDONET_NAME_MAX + 13);
			   __entry->len = skb->len;
			   __entry->proto = ntohs(skb->protocol);),
	    TP_printk("reason=%s device=%s port=%s rule=%s len=%u proto=0x%04x",
		      __entry->reason, __entry->device, __entry->port,
		      __entry->rule, __entry->len, __entry->proto)
);

#endif /* _MN_MIDONET_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH sim
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE midonet_trace
#include <trace/define_trace.h>
