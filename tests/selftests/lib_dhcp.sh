# SPDX-License-Identifier: GPL-2.0
# Verbs of the tests of DHCP. Source it after lib.sh.

export SAID=$scratch/said

# served [MTU]: the service runs
served() {
	local line
	setup mkfifo "$scratch/dhcpd.fifo"
	"$bin/dhcpd" "$@" > "$scratch/dhcpd.fifo" 2>&1 &
	dhcpd=$!
	services="$services $dhcpd"
	exec 9< "$scratch/dhcpd.fifo"
	read -r -t 20 -u 9 line
	[ "$line" = ready ] || { not_ok "the service runs: $line"; exit 1; }
	cat <&9 > "$scratch/dhcpd.log" &
	exec 9<&-
}

unserved() {
	kill "$dhcpd" && wait "$dhcpd" 2> /dev/null
	rm -f "$scratch/dhcpd.fifo"
}

# udhcpc VM [OPTION]...: ask once
udhcpc() {
	local vm=$1
	shift
	rm -f "$SAID"
	in_vm "$vm" busybox udhcpc -i eth0 -n -q -f -t 2 -T 2 -s "$tools/lib_dhcp_said.sh" "$@"
}

# dhclient VM [OPTION]...: ask, with the leases of the times before
dhclient() {
	local vm=$1
	shift
	rm -f "$SAID"
	: >> "$scratch/$vm.leases"
	in_vm "$vm" timeout "${DHCLIENT:-8}" dhclient -1 -v -e SAID="$SAID" -sf "$tools/lib_dhcp_said.sh" \
		-cf "$scratch/dhclient.conf" -lf "$scratch/$vm.leases" -pf "$scratch/$vm.pid" "$@" eth0
	[ ! -s "$scratch/$vm.pid" ] || kill "$(< "$scratch/$vm.pid")" 2> /dev/null
	: > "$scratch/$vm.pid"
	[ -e "$SAID" ]
}
[ -e "$scratch/dhclient.conf" ] || cat > "$scratch/dhclient.conf" <<-C
	timeout 4;
	initial-interval 1;
	option rfc3442-routes code 121 = array of unsigned integer 8;
	request subnet-mask, broadcast-address, routers, domain-name-servers, host-name,
		interface-mtu, ntp-servers, domain-search, rfc3442-routes;
	also request dhcp6.name-servers, dhcp6.sntp-servers;
C

# told NAME: what the client was told last
told() {
	local line
	[ -e "$SAID" ] || return
	while IFS= read -r line; do
		case $line in
		"$1="*)
			line=${line#*=\'}
			echo "${line%\'}"
			;;
		esac
	done < "$SAID"
}
