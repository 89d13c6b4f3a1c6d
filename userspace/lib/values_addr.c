// SPDX-License-Identifier: GPL-2.0
/* MAC and IP addresses, prefixes. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "values.h"

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/**
 * mn_mac_parse() - read a MAC address
 * @text: six pairs of hexadecimal digits with colons between them
 * @mac: six bytes
 *
 * Return: whether it is one
 */
bool mn_mac_parse(const char *text, uint8_t *mac)
{
	int i, hi, lo;

	for (i = 0; i < 6; i++, text += 3) {
		hi = hex_digit(text[0]);
		lo = hi < 0 ? -1 : hex_digit(text[1]);
		if (lo < 0 || text[2] != (i < 5 ? ':' : '\0'))
			return false;
		mac[i] = hi << 4 | lo;
	}
	return true;
}

/**
 * mn_mac_unicast() - may a MAC be that of a station
 * @mac: six bytes
 *
 * Return: whether it is neither a group address nor zero
 */
bool mn_mac_unicast(const uint8_t *mac)
{
	static const uint8_t zero[6];

	return !(mac[0] & 1) && memcmp(mac, zero, sizeof(zero));
}

/**
 * mn_mac_print() - write a MAC address
 * @mac: six bytes
 * @out: appended to
 */
void mn_mac_print(const uint8_t *mac, struct mn_buf *out)
{
	mn_buf_printf(out, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1],
		      mac[2], mac[3], mac[4], mac[5]);
}

/**
 * mn_addr_parse() - read an IP address
 * @text: IPv4 or IPv6
 * @addr: up to 16 bytes
 *
 * Return: 4, 16, or -1 if it is none
 */
int mn_addr_parse(const char *text, uint8_t *addr)
{
	if (inet_pton(AF_INET, text, addr) == 1)
		return 4;
	if (inet_pton(AF_INET6, text, addr) == 1)
		return 16;
	return -1;
}

/**
 * mn_addr_print() - write an IP address
 * @addr: bytes
 * @len: 4 or 16
 * @out: appended to
 */
void mn_addr_print(const uint8_t *addr, size_t len, struct mn_buf *out)
{
	char text[INET6_ADDRSTRLEN];

	mn_buf_puts(out, inet_ntop(len == 4 ? AF_INET : AF_INET6, addr, text,
				   sizeof(text)) ? text : "?");
}

static void mask_host_bits(uint8_t *addr, int len, int bits)
{
	int i;

	for (i = 0; i < len; i++, bits -= 8) {
		if (bits <= 0)
			addr[i] = 0;
		else if (bits < 8)
			addr[i] &= 0xff << (8 - bits);
	}
}

/**
 * mn_prefix_parse() - read a prefix
 * @text: addr, addr/len or 0/0
 * @network: clear the host bits
 * @out: length in bits, then 4 or 16 bytes
 *
 * Return: bytes of @out, -1 if it is none
 */
int mn_prefix_parse(const char *text, bool network, uint8_t *out)
{
	const char *slash = strchr(text, '/');
	char addr[64], *end;
	int len, bits;

	if (!strcmp(text, "0/0"))
		return mn_prefix_parse("0.0.0.0/0", network, out);
	if (strlen(text) >= sizeof(addr))
		return -1;
	strcpy(addr, text);
	if (slash)
		addr[slash - text] = '\0';
	len = mn_addr_parse(addr, out + 1);
	if (len < 0)
		return -1;
	bits = len * 8;
	if (slash) {
		if (slash[1] < '0' || slash[1] > '9')
			return -1;
		bits = strtol(slash + 1, &end, 10);
		if (*end || end - slash > 4 || bits > len * 8)
			return -1;
	}
	out[0] = bits;
	if (network)
		mask_host_bits(out + 1, len, bits);
	return len + 1;
}

/**
 * mn_prefix_print() - write a prefix
 * @prefix: length in bits and address
 * @len: bytes of @prefix
 * @bare: write a host's prefix without its length
 * @out: appended to
 */
void mn_prefix_print(const uint8_t *prefix, size_t len, bool bare,
		     struct mn_buf *out)
{
	mn_addr_print(prefix + 1, len - 1, out);
	if (!bare || prefix[0] != (len - 1) * 8)
		mn_buf_printf(out, "/%u", prefix[0]);
}

/**
 * mn_prefix_network() - the network an address is in
 * @prefix: length in bits and address
 * @len: bytes of @prefix
 * @net: like @prefix, without host bits
 */
void mn_prefix_network(const uint8_t *prefix, size_t len, uint8_t *net)
{
	memcpy(net, prefix, len);
	mask_host_bits(net + 1, len - 1, prefix[0]);
}

static bool all_are(const uint8_t *data, size_t len, uint8_t value)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (data[i] != value)
			return false;
	}
	return true;
}

/* Unspecified, loopback, or a group's. */
static bool is_special(const uint8_t *addr, size_t len)
{
	if (len == 4)
		return !addr[0] || addr[0] == 127 || addr[0] >= 224;
	return addr[0] == 0xff || (all_are(addr, 15, 0) && addr[15] < 2);
}

/**
 * mn_ifaddr_is_station() - could a station of a subnet have an address
 * @prefix: length of the subnet in bits, and address
 * @len: bytes of @prefix
 *
 * Return: whether it could
 */
bool mn_ifaddr_is_station(const uint8_t *prefix, size_t len)
{
	uint32_t addr, host;

	if (is_special(prefix + 1, len - 1))
		return false;
	if (len != 5 || prefix[0] > 30)
		return true;
	memcpy(&addr, prefix + 1, sizeof(addr));
	host = UINT32_MAX >> prefix[0];
	addr = ntohl(addr) & host;
	return prefix[0] && addr && addr != host;
}

/**
 * mn_addr_is_multicast() - is an address that of a group
 * @addr: address
 * @len: 4 or 16
 *
 * Return: whether it is
 */
bool mn_addr_is_multicast(const uint8_t *addr, size_t len)
{
	return len == 4 ? addr[0] >> 4 == 14 : addr[0] == 0xff;
}

/**
 * mn_addr_is_gateway() - could a next router have an address
 * @addr: address
 * @len: 4 or 16
 *
 * Return: whether it could
 */
bool mn_addr_is_gateway(const uint8_t *addr, size_t len)
{
	static const uint8_t mapped[12] = { [10] = 0xff, 0xff };

	return !is_special(addr, len) &&
	       !(len == 16 && !memcmp(addr, mapped, sizeof(mapped)));
}

/**
 * mn_addr_is_neighbour() - can a neighbour be told to have an address
 * @addr: address
 * @len: 4 or 16
 *
 * Return: whether it can
 */
bool mn_addr_is_neighbour(const uint8_t *addr, size_t len)
{
	return !all_are(addr, len, 0) && !mn_addr_is_multicast(addr, len) &&
	       !(len == 4 && all_are(addr, len, 0xff));
}

/**
 * mn_prefix_has_host_bits() - is a prefix more than a network
 * @prefix: length in bits and address
 * @len: bytes of @prefix
 *
 * Return: whether a bit behind its length is set
 */
bool mn_prefix_has_host_bits(const uint8_t *prefix, size_t len)
{
	uint8_t net[16];

	memcpy(net, prefix + 1, len - 1);
	mask_host_bits(net, len - 1, prefix[0]);
	return memcmp(net, prefix + 1, len - 1);
}

/**
 * mn_prefix_holds() - is an address in a prefix
 * @prefix: length in bits and address
 * @len: bytes of @prefix
 * @addr: address
 * @alen: bytes of @addr
 *
 * Return: whether it is
 */
bool mn_prefix_holds(const uint8_t *prefix, size_t len, const uint8_t *addr,
		     size_t alen)
{
	uint8_t a[16], b[16];

	if (len != alen + 1)
		return false;
	memcpy(a, prefix + 1, alen);
	memcpy(b, addr, alen);
	mask_host_bits(a, alen, prefix[0]);
	mask_host_bits(b, alen, prefix[0]);
	return !memcmp(a, b, alen);
}

/**
 * mn_allowed_parse() - read an entry of allowed-addresses
 * @text: MAC or MAC=PREFIX
 * @out: MAC and prefix, up to 23 bytes
 *
 * Return: bytes of @out, -1 if it is none
 */
int mn_allowed_parse(const char *text, uint8_t *out)
{
	char mac[18];
	int len;

	if (strlen(text) < 17)
		return -1;
	memcpy(mac, text, 17);
	mac[17] = '\0';
	if (!mn_mac_parse(mac, out) || !mn_mac_unicast(out))
		return -1;
	if (!text[17])
		return 6;
	len = text[17] == '=' ? mn_prefix_parse(text + 18, true, out + 6) : -1;
	return len < 0 ? -1 : len + 6;
}

/**
 * mn_allowed_print() - write an entry of allowed-addresses
 * @data: MAC and prefix
 * @len: bytes of @data
 * @out: appended to
 */
void mn_allowed_print(const uint8_t *data, size_t len, struct mn_buf *out)
{
	mn_mac_print(data, out);
	if (len <= 6)
		return;
	mn_buf_puts(out, "=");
	mn_prefix_print(data + 6, len - 6, true, out);
}

/**
 * mn_via_parse() - read a route that hosts are told
 * @text: PREFIX=ADDRESS of IPv4; the prefix is a network
 * @out: prefix and gateway, 9 bytes
 *
 * Return: bytes of @out, -1 if it is none
 */
int mn_via_parse(const char *text, uint8_t *out)
{
	const char *gateway = strchr(text, '=');
	uint8_t data[17];
	char dst[32];

	if (!gateway || (size_t)(gateway - text) >= sizeof(dst))
		return -1;
	memcpy(dst, text, gateway - text);
	dst[gateway - text] = '\0';
	if (mn_prefix_parse(dst, false, data) != 5 ||
	    mn_prefix_has_host_bits(data, 5))
		return -1;
	memcpy(out, data, 5);
	if (mn_addr_parse(gateway + 1, data) != 4)
		return -1;
	memcpy(out + 5, data, 4);
	return 9;
}

/**
 * mn_via_print() - write a route that hosts are told
 * @data: prefix and gateway
 * @len: bytes of @data
 * @out: appended to
 */
void mn_via_print(const uint8_t *data, size_t len, struct mn_buf *out)
{
	(void)len;
	mn_prefix_print(data, 5, false, out);
	mn_buf_puts(out, "=");
	mn_addr_print(data + 5, 4, out);
}
