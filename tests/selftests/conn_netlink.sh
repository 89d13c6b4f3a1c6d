#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Connections over netlink, without a packet: restored, listed, counted, forgotten,
# refused. The kernel's own client speaks, from our specification.
. "$(dirname "$0")/lib.sh"

cache=${MIDONET_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/midonet}
client=$(ls -d "$cache"/src/*/tools/net/ynl/pyynl 2> /dev/null | tail -1)
[ -n "$client" ] || skip_all "no kernel source with tools/net/ynl/pyynl in $cache/src"
/usr/bin/python3 -c 'import yaml' 2> /dev/null || skip_all "python3-yaml is not installed"

export PYTHONDONTWRITEBYTECODE=1
last=
while IFS= read -r line; do
	last=$line
	case $line in
	"ok "*) ok "${line#ok }" ;;
	"not ok "*) not_ok "${line#not ok }" ;;
	end) ;;
	*) echo "# $line" ;;
	esac
done < <(PYTHONPATH=$client /usr/bin/python3 "$tools/conn_netlink.py" \
	"$top/Documentation/netlink/specs/midonet.yaml" 2>&1)
[ "$last" = end ] || not_ok "it came to its end"
