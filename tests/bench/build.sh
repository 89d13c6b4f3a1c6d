#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Build the harness for one test kernel into build/bench:
#
#	tests/bench/build.sh uml|smp|distro
#
# The modules go to build/bench/KERNEL, the program that asks to build/bench; the one
# that commits is among the tools of the tests (tests/tools/Makefile).

set -eu
# those of an outer make must not reach kbuild
unset MAKEFLAGS MFLAGS MAKELEVEL

MN_TOP=$(cd "$(dirname "$0")/../.." && pwd -P)
MN_CACHE=${MIDONET_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/midonet}
MN_KERNEL=$1
MN_BUILD=$MN_TOP/build/$MN_KERNEL
MN_CPUS=2 MN_MEM=1G MN_KUNIT= MN_APPEND=
export MN_TOP MN_CACHE MN_KERNEL MN_BUILD MN_CPUS MN_MEM MN_KUNIT MN_APPEND
here=$MN_TOP/tests/bench
out=$MN_TOP/build/bench/$MN_KERNEL

# kbuild ARG...: make with the kernel's own build system
kbuild()
{
	if [ "$MN_KERNEL" = distro ]; then
		# shellcheck source=tests/vm/debs.sh
		. "$MN_TOP/tests/vm/debs.sh"
		debs_make "$(debs_headers bookworm)" "$@"
	else
		make -C "$("$MN_TOP/tests/vm/uml.sh" dir)" ARCH=um "$@"
	fi
}

"$MN_TOP/tests/packages" build run bench
case $MN_KERNEL in
distro)	"$MN_TOP/tests/packages" distro
	"$MN_TOP/tests/vm/distro.sh" kernel ;;
*)	"$MN_TOP/tests/vm/uml.sh" kernel ;;
esac

# copies, so that several kernels are served from one source
mkdir -p "$out"
cp -u "$here"/kmod/* "$out"
kbuild -s M="$out" W=1 modules >&2

${CC:-gcc} -O2 -Wall -Wextra -o "$out/../echo" "$here"/echo.c
