#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Requests refused side by side: everyone gets the sentence meant for him.
. "$(dirname "$0")/../lib.sh"

setup midoctl bridge add net0
check "64 threads are refused for ${REFUSE_SECONDS:=5} s, each in its own words" \
	"$bin/refuse" 64 "$REFUSE_SECONDS"
sed 's/^/# /' "$scratch/out" | tail -3
