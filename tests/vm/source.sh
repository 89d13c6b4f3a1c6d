#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Kernel sources, unpacked in the cache.
#
#	tests/vm/source.sh 6.1|newest
#
# prints the directory. The newest comes from Debian sid without touching the
# host's apt configuration, and is used until it is removed from the cache.

set -eu

cache=${MN_CACHE:-${MIDONET_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/midonet}}
MN_CACHE=$cache
# shellcheck source=tests/vm/debs.sh
. "$(dirname "$0")/debs.sh"

say()
{
	echo "source: $*" >&2
}

# newest SUITE REGEX DIR: download the newest package whose name matches into
# DIR, print the file
newest()
{
	local apt=$3/apt name

	rm -rf "$apt"
	say "looking for a kernel source in $1"
	debs_apt_init "$1" "$apt"
	debs_apt "$apt" update
	name=$(APT_CONFIG=$apt/apt.conf apt-cache pkgnames linux-source- |
		grep -xE "$2" | sort -V | tail -n 1)
	if [ -z "$name" ]; then
		say "no package $2 in $1"
		return 1
	fi
	say "downloading $name"
	(cd "$3" && debs_apt "$apt" download "$name")
	rm -rf "$apt"
	ls "$3/$name"_*.deb
}

# Most of a kernel tree is for machines and hardware no test kernel has; the
# Kconfig files must stay.
ARCHS="alpha arc arm arm64 csky hexagon ia64 loongarch m68k microblaze mips nios2
	openrisc parisc powerpc riscv s390 sh sparc xtensa"
DRIVERS="gpu media staging scsi infiniband usb iio net/ethernet net/wireless"

unpack()
{
	local tarball=$1 dest=$2 part top
	local -a exclude
	top=$(basename "$tarball" .tar.xz)
	exclude=("--exclude=$top/sound/*.[ch]" "--exclude=$top/tools/perf"
		"--exclude=$top/Documentation/*.rst")

	for part in $ARCHS; do
		exclude+=("--exclude=$top/arch/$part/*.[chSd]*")
	done
	for part in $DRIVERS; do
		exclude+=("--exclude=$top/drivers/$part/*.[ch]")
	done
	say "unpacking $(basename "$tarball")"
	rm -rf "$dest.part"
	mkdir -p "$dest.part"
	tar -C "$dest.part" --strip-components=1 "${exclude[@]}" -xf "$tarball"
	mv "$dest.part" "$dest"
}

# The version with which a Debian package was built, in a file of the tree: it
# is part of the key of what is built from it.
tree_of_deb()
{
	local suite=$1 regex=$2 link=$3 file version dir=$cache/src
	local tmp=$dir/tmp

	if [ ! -e "$dir/$link/.midonet-version" ]; then
		rm -rf "$tmp"
		mkdir -p "$tmp"
		file=$(newest "$suite" "$regex" "$tmp")
		version=$(dpkg-deb -f "$file" Version)
		dpkg-deb -x "$file" "$tmp"
		unpack "$(ls "$tmp"/usr/src/linux-source-*.tar.xz)" \
			"$dir/linux-$version"
		rm -rf "$tmp"
		echo "$version" > "$dir/linux-$version/.midonet-version"
		ln -sfn "linux-$version" "$dir/$link"
	fi
	(cd "$dir/$link" && pwd -P)
}

tree_installed()
{
	local version dir tarball=/usr/src/linux-source-6.1.tar.xz

	version=$(dpkg-query -W -f '${Version}' linux-source-6.1)
	dir=$cache/src/linux-$version
	if [ ! -e "$dir/.midonet-version" ]; then
		rm -rf "$dir"
		unpack "$tarball" "$dir"
		echo "$version" > "$dir/.midonet-version"
	fi
	echo "$dir"
}

tree()
{
	case $1 in
	6.1)
		if [ -f /usr/src/linux-source-6.1.tar.xz ]; then
			tree_installed
		else
			tree_of_deb bookworm linux-source-6.1 bookworm
		fi ;;
	newest)
		tree_of_deb sid 'linux-source-[0-9.]+' sid ;;
	*)
		say "no source \"$1\""
		return 1 ;;
	esac
}

mkdir -p "$cache/src"
exec 9> "$cache/src/.lock"
flock -n 9 || { say "waiting for another run"; flock 9; }

tree "${1-}"
