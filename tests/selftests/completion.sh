#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What bash offers behind midoctl: words, and names of what is there.
. "$(dirname "$0")/lib.sh"
library=/usr/share/bash-completion/bash_completion
[ -e $library ] || skip_all "bash-completion is not installed"

setup midoctl batch - <<-END
	bridge add net0
	bridge add net1
	port add net0:vm1
	chain add web
	chain add db
END
setup midoctl -s "file:$scratch/store" router add r7

set +u
# shellcheck disable=SC1090,SC1091
. $library
# shellcheck disable=SC1091
. "$top/userspace/completion/midoctl"

# offers WORD...: what the last word becomes; a colon is a word, as it is for bash
offers() {
	COMP_LINE="midoctl $*"
	COMP_POINT=${#COMP_LINE}
	COMP_WORDS=(midoctl)
	local word
	for word; do
		while [[ $word == ?*:* ]]; do
			COMP_WORDS+=("${word%%:*}" :)
			word=${word#*:}
		done
		[[ -n $word || $word == "${!#}" ]] && COMP_WORDS+=("$word")
	done
	COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
	COMPREPLY=()
	_midoctl 2> /dev/null
	echo "${COMPREPLY[*]}"
}

check_eq "a command" "$(offers exp)" export
check_eq "verbs" "$(offers bridge s)" "show set"
check_eq "names of bridges" "$(offers bridge show '')" "net0 net1"
check_eq "a name with a colon: what is behind it" "$(offers port show net0:v)" vm1
check_eq "names that an attribute takes" "$(offers port set net0:vm1 in-chain '')" "db web"
check_eq "values" "$(offers port set net0:vm1 admin-up '')" "true false"
check_eq "of another store" "$(offers -s "$scratch/none" router show '')" ""
check_eq "of a file, whose name has a colon" "$(offers -s "file:$scratch/store" router show '')" r7
check_eq "options" "$(offers --d)" "--dry-run"
check_eq "devices" "$(offers bind net0:vm1 dev l)" lo
