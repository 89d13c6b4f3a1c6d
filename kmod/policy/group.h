/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_GROUP_H
#define _MN_GROUP_H

#include "config/object.h"

/**
 * struct mn_group - identity of a port-group
 * @obj: head
 */
struct mn_group {
	struct mn_obj obj;
};

/**
 * struct mn_group_ver - configuration of a port-group
 * @ver: head
 * @stateful: connections are shared between the hosts of its ports
 */
struct mn_group_ver {
	struct mn_ver ver;
	bool stateful;
};

#define mn_group_of(o)	container_of(o, struct mn_group, obj)

extern const struct mn_type mn_group_type;

#endif /* _MN_GROUP_H */
