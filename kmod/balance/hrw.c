// SPDX-License-Identifier: GPL-2.0
/*
 * Weighted highest random weight.
 *
 * Everybody draws a random number u of (0, 1], a hash of himself and of what is
 * to be given away, and the highest -weight / ln(u) wins, that is the lowest
 * -log2(u) / weight. -ln(u) is the time until the first of events that happen
 * at random once a second; divided by the weight, weight times a second. Whose
 * event is the first of all: of several that is anybody with the probability of
 * his share in the sum of the weights.
 *
 * Nobody's draw depends on the others. So who goes takes nothing but his own
 * along, who comes takes his share from all, and so for a weight that changes.
 *
 * All in whole numbers, so that every host and every compiler agrees.
 */
#include <linux/bitops.h>

#include "balance/hrw.h"

#define LOG_BITS	7	/* segments of the table: 1 << LOG_BITS */
#define FRAC_BITS	31	/* of a logarithm */

/* log2(1 + i / 128), in units of 2^-31 */
static const u32 logs[(1 << LOG_BITS) + 1] = {
	0x00000000, 0x016fe50b, 0x02dcf2d1, 0x04473475, 0x05aeb4dd, 0x07137eae,
	0x08759c50, 0x09d517ef, 0x0b31fb7d, 0x0c8c50b7, 0x0de42120, 0x0f397609,
	0x108c588d, 0x11dcd197, 0x132ae9e2, 0x1476a9fa, 0x15c01a3a, 0x170742d5,
	0x184c2bd0, 0x198edd07, 0x1acf5e2e, 0x1c0db6ce, 0x1d49ee4c, 0x1e840be7,
	0x1fbc16b9, 0x20f215b7, 0x22260fb6, 0x23580b65, 0x24880f56, 0x25b621f9,
	0x26e2499d, 0x280c8c76, 0x2934f098, 0x2a5b7bf9, 0x2b803474, 0x2ca31fc9,
	0x2dc4439b, 0x2ee3a575, 0x30014ac6, 0x311d38e6, 0x32377512, 0x33500472,
	0x3466ec15, 0x357c30f3, 0x368fd7ee, 0x37a1e5d4, 0x38b25f5a, 0x39c14924,
	0x3acea7c0, 0x3bda7fa9, 0x3ce4d544, 0x3dedace6, 0x3ef50ad2, 0x3ffaf335,
	0x40ff6a2e, 0x420273ca, 0x43041403, 0x44044ec5, 0x450327eb, 0x4600a33e,
	0x46fcc47a, 0x47f78f4c, 0x48f10751, 0x49e93016, 0x4ae00d1d, 0x4bd5a1d8,
	0x4cc9f1ab, 0x4dbcffee, 0x4eaecfeb, 0x4f9f64de, 0x508ec1fa, 0x517cea63,
	0x5269e12f, 0x5355a96d, 0x5440461c, 0x5529ba33, 0x5612089a, 0x56f93433,
	0x57df3fd0, 0x58c42e3d, 0x59a80239, 0x5a8abe79, 0x5b6c65aa, 0x5c4cfa6c,
	0x5d2c7f59, 0x5e0af6ff, 0x5ee863e5, 0x5fc4c886, 0x60a02757, 0x617a82c3,
	0x6253dd2c, 0x632c38ed, 0x64039858, 0x64d9fdb7, 0x65af6b4b, 0x6683e34f,
	0x675767f5, 0x6829fb69, 0x68fb9fce, 0x69cc5741, 0x6a9c23d6, 0x6b6b079c,
	0x6c39049b, 0x6d061cd3, 0x6dd2523d, 0x6e9da6ce, 0x6f681c73, 0x7031b512,
	0x70fa728c, 0x71c256ba, 0x72896373, 0x734f9a83, 0x7414fdb5, 0x74d98eca,
	0x759d4f81, 0x76604191, 0x772266ad, 0x77e3c082, 0x78a450b8, 0x796418f2,
	0x7a231ace, 0x7ae157e3, 0x7b9ed1c7, 0x7c5b8a07, 0x7d17822f, 0x7dd2bbc4,
	0x7e8d3846, 0x7f46f932, 0x80000000,
};

/**
 * mn_hrw_cost() - logarithm of a draw
 * @hash: u * 2^64
 *
 * Between the points of the table the logarithm is taken for a line. That is off
 * by a quarter of a segment's width at most, of the result: 0.2 percent.
 *
 * Return: -log2(u) in units of 2^-31, from 1 to 2^37
 */
u64 mn_hrw_cost(u64 hash)
{
	u32 zeros, i, frac, log;
	u64 mantissa;

	hash |= 1;
	zeros = 63 - __fls(hash);
	/* Behind the leading one: the segment, and where in it. */
	mantissa = zeros == 63 ? 0 : hash << (zeros + 1);
	i = mantissa >> (64 - LOG_BITS);
	frac = mantissa << LOG_BITS >> 32;
	log = logs[i] + (u32)((u64)(logs[i + 1] - logs[i]) * frac >> 32);
	return ((u64)(zeros + 1) << FRAC_BITS) - log;
}
