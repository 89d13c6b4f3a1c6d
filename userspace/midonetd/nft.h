/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _NFT_H
#define _NFT_H

#include "daemon.h"

/* nft_send.c */

/**
 * struct nft_hosts - what the host is protected from, by
 * @local: own addresses in tunnel-zones, by family: 0 IPv4, 1 IPv6
 * @members: addresses of the other members
 * @ports: UDP ports of their tunnels, in the order of the network
 * @gre: some zone uses GRE
 * @n_local: number of @local
 * @n_members: number of @members
 * @n_ports: number of @ports
 *
 * Elements are sorted, and none is there twice.
 */
struct nft_hosts {
	uint8_t *local[2];
	uint8_t *members[2];
	uint16_t *ports;
	bool gre;
	uint32_t n_local[2];
	uint32_t n_members[2];
	uint32_t n_ports;
};

int nft_install(const struct nft_hosts *hosts, struct mn_err *err);
int nft_remove(struct mn_err *err);

/* nft.c */
extern const struct service service_nft;

#endif /* _NFT_H */
