# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Kernel headers, with the compiler they want, from any Debian suite, without
# touching this machine's packages. To be sourced; needs MN_CACHE.
#
# apt gets lists, cache and status of its own: as far as it knows nothing is
# installed, so a request brings everything it depends on, down to libc. The
# packages are unpacked, never installed. Their programs are then pointed at the
# loader and the libraries beside them, which is all it takes for a compiler from
# tomorrow's Debian to run on today's. So every kernel is compiled by the compiler
# it was compiled with, as on a machine that runs that suite.

: "${MIDONET_MIRROR:=http://deb.debian.org/debian}"
: "${MIDONET_MIRROR_SECURITY:=http://deb.debian.org/debian-security}"

debs_say()
{
	echo "$*" >&2
}

# debs_sources SUITE: the lines of sources.list
debs_sources()
{
	local key='[arch=amd64 signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]'

	echo "deb $key $MIDONET_MIRROR $1 main"
	case $1 in
	sid|*-backports) ;;
	*) echo "deb $key $MIDONET_MIRROR_SECURITY $1-security main" ;;
	esac
}

# debs_apt_init SUITE DIR: make DIR/apt.conf. What the machine says about proxies
# and the like (Acquire) holds, nothing else of its configuration does: no hooks.
debs_apt_init()
{
	mkdir -p "$2/lists/partial" "$2/archives/partial" || return
	: > "$2/status"
	debs_sources "$1" > "$2/sources.list"
	{
		apt-config dump Acquire | grep -v '^Acquire::IndexTargets'
		cat <<-END
		Dir::Etc::main "/dev/null";
		Dir::Etc::parts "/dev/null";
		Dir::Etc::sourcelist "$2/sources.list";
		Dir::Etc::sourceparts "/dev/null";
		Dir::Etc::preferences "/dev/null";
		Dir::Etc::preferencesparts "/dev/null";
		Dir::State::status "$2/status";
		Dir::State::lists "$2/lists";
		Dir::Cache "$2";
		APT::Architecture "amd64";
		APT::Architectures { "amd64"; };
		APT::Sandbox::User "root";
		APT::Install-Recommends "false";
		Acquire::Languages "none";
		Acquire::Retries "3";
		END
	} > "$2/apt.conf"
}

# debs_apt DIR ARG...: apt-get with the configuration in DIR
debs_apt()
{
	local dir=$1

	shift
	APT_CONFIG=$dir/apt.conf apt-get -qq -o Dpkg::Use-Pty=0 "$@" >&2
}

# debs_unpack DEBDIR ROOT: unpack all packages of a directory, less what no
# compilation reads. The old and the new place of the libraries are one.
debs_unpack()
{
	local deb name

	for name in bin sbin lib lib64; do
		mkdir -p "$2/usr/$name" && ln -sfn "usr/$name" "$2/$name" ||
			return
	done
	for deb in "$1"/*.deb; do
		dpkg-deb --fsys-tarfile "$deb" |
			tar -x -C "$2" --no-same-owner \
				--keep-directory-symlink \
				--exclude='./usr/share/doc/*' \
				--exclude='./usr/share/locale/*' \
				--exclude='./usr/share/man/*' || return
	done
}

# debs_relocate ROOT: make the programs and makefiles below ROOT run where they are
debs_relocate()
{
	local root=$1 file
	local loader=$root/usr/lib64/ld-linux-x86-64.so.2
	local libs=$root/usr/lib/x86_64-linux-gnu

	find "$root/usr/bin" "$root/usr/lib/gcc" "$root/usr/libexec" \
	     "$root"/usr/lib/linux-kbuild-* -type f -perm /111 2>/dev/null |
	while read -r file; do
		# only dynamically linked programs have an interpreter
		patchelf --print-interpreter "$file" >/dev/null 2>&1 ||
			continue
		patchelf --set-interpreter "$loader" --force-rpath \
			--set-rpath "$libs" "$file" || exit
	done || return
	sed -i "s#/usr/src/#$root/usr/src/#" "$root"/usr/src/*/Makefile
}

# debs_headers_make SUITE ROOT: fill ROOT
debs_headers_make()
{
	local tmp=$2.tmp

	debs_say "debs: fetching the headers and the compiler of $1"
	rm -rf "$tmp" "$tmp.root" && mkdir -p "$tmp" || return
	debs_apt_init "$1" "$tmp" &&
		debs_apt "$tmp" update &&
		debs_apt "$tmp" -y --download-only install linux-headers-amd64 &&
		debs_unpack "$tmp/archives" "$tmp.root" || return
	rm -rf "$tmp" "$2"
	# the final name is written into the programs
	mv "$tmp.root" "$2" && debs_relocate "$2" && touch "$2/complete"
}

# debs_headers SUITE: print the directory with SUITE's kernel headers, made first
# if need be. What has been fetched is kept until that directory is removed.
debs_headers()
{
	local root=$MN_CACHE/headers/$1

	mkdir -p "$MN_CACHE/headers" || return
	(
		flock 9
		[ -e "$root/complete" ] || debs_headers_make "$1" "$root"
	) 9> "$root.lock" || {
		debs_say "debs: no headers of $1"
		return 1
	}
	echo "$root"
}

# debs_release ROOT: the kernel release these headers are for
debs_release()
{
	local found=("$1"/usr/src/linux-headers-*-amd64)

	echo "${found[0]##*/linux-headers-}"
}

# debs_make ROOT ARG...: make against the headers in ROOT with their tools
debs_make()
{
	local root=$1

	shift
	PATH=$root/usr/bin:$PATH \
		make -C "$root/usr/src/linux-headers-$(debs_release "$root")" "$@"
}

# debs_download SUITE PACKAGE DIR: one package, nothing it depends on
debs_download()
{
	local tmp=$3/apt

	rm -rf "$tmp"
	debs_apt_init "$1" "$tmp" &&
		debs_apt "$tmp" update &&
		(cd "$3" && debs_apt "$tmp" download "$2") || return
	rm -rf "$tmp"
}
