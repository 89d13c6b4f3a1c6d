#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	vm1 -- net0 (out-chain c) -- vm2
#
# What was captured is traced, packet by packet.
. "$(dirname "$0")/lib.sh"
need jq python3

vm vm1 10.0.0.1/24
vm vm2 10.0.0.2/24
setup midoctl batch - <<-E
	bridge add net0
	chain add c
	rule add c proto tcp dst-port 22 drop
	bridge set net0 out-chain c
	port add net0:vm1 dev vm1
	port add net0:vm2 dev vm2
	mac add net0 $(mac_of vm2) port vm2
E

# capture ORDER LINK-TYPE PORT...: a file as capture tools write it, with a TCP SYN to
# each of the ports; ORDER is < or >
capture() {
	python3 -c '
import struct, sys
mac, order, link, *ports = sys.argv[1:]
out = struct.pack(order + "IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, int(link))
for port in ports:
    frame = bytes.fromhex(mac.replace(":", "") + "020000000099" + "0800")
    frame += bytes.fromhex("45000028000000004006000a0a0000010a000002")
    frame += struct.pack(">HHIIHHHH", 1024, int(port), 0, 0, 0x5002, 0, 0, 0)
    out += struct.pack(order + "IIII", 0, 0, len(frame), len(frame)) + frame
sys.stdout.buffer.write(out)' "$(mac_of vm2)" "$@"
}
verdicts() {
	midoctl -j trace net0:vm1 --pcap "$1" | jq -r 'map(.verdict) | join(" ")'
}

capture "<" 1 80 22 443 > "$scratch/a.pcap"
check_eq "one verdict for each packet" "$(verdicts "$scratch/a.pcap")" "output drop output"
check_eq "for people too" \
	"$(midoctl trace net0:vm1 --pcap "$scratch/a.pcap" | grep -c 'rule c:1')" 1
capture ">" 1 22 > "$scratch/b.pcap"
check_eq "from a machine of the other byte order" "$(verdicts "$scratch/b.pcap")" drop
capture "<" 1 > "$scratch/c.pcap"
check_eq "an empty capture" "$(midoctl -j trace net0:vm1 --pcap "$scratch/c.pcap")" "[]"
capture "<" 113 80 > "$scratch/d.pcap"
refused "frames of something else" "Ethernet" midoctl trace net0:vm1 --pcap "$scratch/d.pcap"
head -c 90 "$scratch/a.pcap" > "$scratch/e.pcap"
refused "a file that ends too early" "ends within a packet" \
	midoctl trace net0:vm1 --pcap "$scratch/e.pcap"
echo "hello, this is text and no capture file" > "$scratch/f.pcap"
refused "a file that is no capture" "not a capture file" \
	midoctl trace net0:vm1 --pcap "$scratch/f.pcap"
refused "a file that is not there" "No such file" \
	midoctl trace net0:vm1 --pcap "$scratch/g.pcap"
check_eq "nothing was learned" \
	"$(json '[.[] | select(.mac == "02:00:00:00:00:99")] | length' mac list)" 0
