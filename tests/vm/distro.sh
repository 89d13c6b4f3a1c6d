#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Kernel `distro` of tests/vm/run: Debian's own kernel in QEMU, the module built and
# installed by DKMS, as on a hypervisor; all of it in directories of ours. Called
# by tests/vm/run, which says how.

set -u

# shellcheck source=tests/vm/debs.sh
. "$MN_TOP/tests/vm/debs.sh"

SUITE=bookworm
store=$MN_CACHE/distro
dkms_dir=$MN_BUILD/dkms
modules_dir=$MN_BUILD/lib/modules

die()
{
	debs_say "distro: $*"
	exit 1
}

# What must be in the initramfs to reach the host's files, its modules and a
# terminal. Only these: the rest is loaded from there.
INITRD_MODULES="9pnet_virtio 9p virtio_pci virtio_console overlay"

# image RELEASE: the kernel package, unpacked
image()
{
	local dir=$store/$1 tmp=$store/$1.tmp

	[ -e "$dir/boot/vmlinuz-$1" ] && return
	debs_say "distro: fetching Debian's kernel $1"
	rm -rf "$tmp" "$dir" && mkdir -p "$tmp/root" &&
		debs_download "$SUITE" "linux-image-$1" "$tmp" &&
		dpkg-deb -x "$tmp/linux-image-$1"_*.deb "$tmp/root" || return
	# from here on the place of modules is the same, whatever the suite
	[ -d "$tmp/root/lib" ] || ln -s usr/lib "$tmp/root/lib"
	depmod -b "$tmp/root" "$1" &&
		mv "$tmp/root" "$dir" &&
		rm -rf "$tmp"
}

# initrd RELEASE: print the initramfs, made anew when its script has changed
initrd()
{
	local dir=$store/$1 file module n=10
	local tree

	file=$dir/initrd-$(cksum < "$MN_TOP/tests/vm/distro-init" | tr ' ' -)
	echo "$file"
	[ -e "$file" ] && return

	tree=$(mktemp -d "$dir/initrd.XXXXXX") || return
	mkdir -p "$tree"/{bin,dev,modules,root}
	cp "$(command -v busybox)" "$tree/bin/busybox" &&
		install -m 755 "$MN_TOP/tests/vm/distro-init" "$tree/init" ||
		return
	# numbered, so that they are loaded in this order
	# shellcheck disable=SC2086 # a list
	modprobe -d "$dir" -S "$1" -aD $INITRD_MODULES |
		awk '$1 == "insmod" && !seen[$2]++ { print $2 }' |
		while read -r module; do
			cp "$module" "$tree/modules/$n-${module##*/}" || exit
			n=$((n + 1))
		done || return
	(cd "$tree" && find . | cpio -o -H newc --quiet -R 0:0 | gzip -1) \
		> "$file.tmp" && mv "$file.tmp" "$file"
	rm -rf "$tree"
}

# qemu_args ACCEL RELEASE LOG: fill the array `qemu` with the machine
qemu_args()
{
	local cpu=host

	# five-level page tables only slow an emulated processor down
	[ "$1" = kvm ] || cpu=max,la57=off
	qemu=(qemu-system-x86_64 -accel "$1" -machine q35 -cpu "$cpu"
		-smp "$MN_CPUS" -m "$MN_MEM" -nodefaults -no-user-config
		-display none -no-reboot
		-kernel "$store/$2/boot/vmlinuz-$2"
		-initrd "$(initrd "$2")"
		-serial "file:$3")
}

# A machine may have /dev/kvm and yet not run a stock kernel under it. Tried once.
probe_kvm()
{
	local release=$1 log=$store/probe.$$ status=1

	[ -r /dev/kvm ] && [ -w /dev/kvm ] || return
	debs_say "distro: trying KVM"
	MN_CPUS=2 MN_MEM=512M qemu_args kvm "$release" "$log"
	# in a shell that keeps to itself how QEMU died
	(timeout -k 1 8 "${qemu[@]}" \
		-append "console=ttyS0 panic=-1 MN_PROBE=1"; :) \
		< /dev/null > /dev/null 2>&1
	grep -qs 'midonet: probe passed' "$log" && status=0
	rm -f "$log"
	return $status
}

# accel RELEASE: print what QEMU should run on
accel()
{
	local file
	file=$store/accel-$(uname -n)-$(uname -r)

	if ! [ -s "$file" ]; then
		if probe_kvm "$1"; then
			echo kvm > "$file"
		else
			debs_say "distro: no usable KVM here, emulating"
			echo tcg,thread=multi > "$file"
		fi
	fi
	cat "$file"
}

release()
{
	debs_release "$(debs_headers "$SUITE")"
}

do_kernel()
{
	local release tool

	for tool in qemu-system-x86_64 busybox cpio dkms modprobe patchelf; do
		command -v "$tool" > /dev/null ||
			die "$tool is missing: run tests/packages distro"
	done
	[ -z "$MN_KUNIT" ] || die "this kernel has no KUnit"
	mkdir -p "$store" || exit
	exec 9> "$store/lock"
	flock 9
	debs_headers "$SUITE" > /dev/null || die "no kernel headers"
	release=$(release)
	image "$release" || die "no kernel $release"
	initrd "$release" > /dev/null || die "no initramfs"
	accel "$release" > /dev/null
}

# setting NAME: what dkms.conf says
setting()
{
	sed -n "s/^$1=\"\(.*\)\"$/\1/p" "$MN_TOP/dkms.conf"
}

# sources: the files the module is made of, but nothing made from them, each with
# a NUL behind it
sources()
{
	# shellcheck disable=SC2046 # a list
	(cd "$MN_TOP" && find $(setting MIDONET_SOURCES) -type f ! -name '.*' \
		! -name '*.o' ! -name '*.ko' ! -name '*.mod' ! -name '*.mod.c' \
		-print0 | sort -z)
}

# fingerprint RELEASE: of everything the module depends on
fingerprint()
{
	echo "$1"
	(cd "$MN_TOP" && sources | xargs -0 sha256sum)
}

# modules_tree RELEASE: /lib/modules of the guest, the kernel's own modules and
# what DKMS installs
modules_tree()
{
	local dir=$modules_dir/$1 from=$store/$1/lib/modules/$1

	rm -rf "$modules_dir" && mkdir -p "$dir" &&
		ln -s "$from/kernel" "$dir/kernel" &&
		cp "$from"/modules.builtin* "$from/modules.order" "$dir"
}

# dkms_run ARG...: DKMS in directories of ours; nothing is signed, for its keys
# live among the host's
dkms_run()
{
	local root

	root=$(debs_headers "$SUITE") || return
	PATH=$root/usr/bin:$PATH sign_file=none dkms "$@" \
		--dkmstree "$dkms_dir/tree" --sourcetree "$dkms_dir/src" \
		--installtree "$modules_dir" --no-depmod \
		--kernelsourcedir \
		"$root/usr/src/linux-headers-$release" \
		-k "$release/x86_64" -j "$(nproc)" >> "$dkms_dir/log" 2>&1
}

dkms_build()
{
	local version name src
	version=$(setting PACKAGE_VERSION)
	name=midonet/$version
	src=$dkms_dir/src/midonet-$version

	rm -rf "$dkms_dir" && mkdir -p "$dkms_dir/tree" "$src" || return
	(cd "$MN_TOP" && sources | cpio -0pdm --quiet "$src") || return
	if ! dkms_run add "$name" || ! dkms_run build "$name" ||
	   ! dkms_run install "$name"; then
		cat "$dkms_dir/log" "$dkms_dir/tree/$name/build/make.log" \
			>&2 2>/dev/null
		return 1
	fi
	depmod -b "$MN_BUILD" "$release"
}

do_module()
{
	local release stamp=$MN_BUILD/stamp module
	release=$(release)
	module=$modules_dir/$release/updates/dkms/midonet.ko

	exec 9> "$MN_BUILD/lock"
	flock 9
	fingerprint "$release" > "$stamp.new" || die "no sources"
	if ! [ -e "$module" ] || ! cmp -s "$stamp" "$stamp.new"; then
		rm -f "$stamp"
		debs_say "distro: building the module by DKMS for $release"
		modules_tree "$release" || die "no modules of $release"
		dkms_build || die "DKMS could not build the module"
		[ -e "$module" ] || die "DKMS did not install the module"
		mv "$stamp.new" "$stamp"
	fi
	rm -f "$stamp.new"
	echo "$module"
}

# QEMU makes its standard output non-blocking for all who share it. A terminal
# it needs for itself; a pipe it gets from us.
run_qemu()
{
	local out pid

	[ -t 1 ] && exec "${qemu[@]}"
	exec 8> >(exec cat)
	out=$!
	"${qemu[@]}" <&0 >&8 &
	pid=$!
	exec 8>&-
	trap 'kill $pid' TERM INT HUP
	# interrupted by a signal, the first wait returns early
	wait "$pid" || wait "$pid"
	wait "$out"
}

# preload RELEASE MODULE: the files a module depends on, in order, with commas
preload()
{
	local names

	names=$(modinfo -F depends "$2" | tr ',' ' ')
	# shellcheck disable=SC2086 # a list
	[ -z "$names" ] || modprobe -d "$store/$1" -S "$1" -aD $names |
		awk '$1 == "insmod" && !seen[$2]++ { print $2 }' | paste -sd ,
}

do_boot()
{
	local rundir=$1 release accel words module modules preload=
	release=$(release)

	module=$modules_dir/$release/updates/dkms/midonet.ko
	if [ -e "$module" ]; then
		modules=$modules_dir
		preload=$(preload "$release" "$module")
	else
		modules=$store/$release/lib/modules
	fi
	words="console=ttyS0 ignore_loglevel panic=-1 oops=panic"
	words="$words mitigations=off apparmor=0 audit=0 MN_TOP=$MN_TOP MN_RUN=$rundir MN_TTY=/dev/hvc0"
	words="$words MN_SHARE=build MN_MODULES=$modules MN_PRELOAD=$preload"

	accel=$(accel "$release")
	# else an emulated machine takes its time from a device, which is slow
	[ "$accel" = kvm ] || words="$words tsc=reliable"
	qemu_args "$accel" "$release" "$rundir/log"
	qemu+=(-append "$words $MN_APPEND"
		-device virtio-serial-pci
		-chardev "stdio,id=tty,signal=off"
		-device "virtconsole,chardev=tty"
		-device virtio-rng-pci
		-virtfs "local,path=/,mount_tag=root,security_model=none,readonly=on,multidevs=remap"
		-virtfs "local,path=$MN_TOP/build,mount_tag=build,security_model=none,multidevs=remap")
	run_qemu
}

case ${1-} in
kernel)	do_kernel ;;
module)	do_module ;;
boot)	do_boot "$2" ;;
*)	die "what should be done? see tests/vm/run" ;;
esac
