/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_HRW_H
#define _MN_HRW_H

#include <linux/types.h>

/* Largest weight; mn_hrw_before() counts on it. */
#define MN_HRW_WEIGHT_MAX	65535

u64 mn_hrw_cost(u64 hash);

/**
 * mn_hrw_before() - does the first of two win?
 * @cost_a: of the first, from mn_hrw_cost()
 * @weight_a: of the first, 1..MN_HRW_WEIGHT_MAX
 * @cost_b: of the second
 * @weight_b: of the second
 *
 * Return: cost_a / weight_a < cost_b / weight_b, without rounding: a product has
 * at most 53 bits
 */
static inline bool mn_hrw_before(u64 cost_a, u32 weight_a, u64 cost_b,
				 u32 weight_b)
{
	return cost_a * weight_b < cost_b * weight_a;
}

#endif /* _MN_HRW_H */
