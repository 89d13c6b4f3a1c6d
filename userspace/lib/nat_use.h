/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_NAT_USE_H
#define _MN_NAT_USE_H

#include "model.h"

/**
 * typedef mn_snat_fn - told of a translation
 * @arg: as given
 * @router: where it is
 * @target: addresses and ports that sources get
 */
typedef void (*mn_snat_fn)(void *arg, const struct mn_obj *router,
			   const struct mn_target *target);

void mn_model_snats(const struct mn_model *m, mn_snat_fn fn, void *arg);

#endif /* _MN_NAT_USE_H */
