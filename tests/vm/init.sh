#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Process 1 of every test kernel; see tests/vm/run for what it is given.

export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export HOME=/root LANG=C.UTF-8

# Paths below a directory that gets a tmpfs would be hidden by it: they are
# bound elsewhere before, and moved back on top after.
TMPFS="/tmp /run /dev/shm /var/log /var/tmp"
WORK=/dev/midonet
OVERLAYS="/etc /root /var/lib /var/cache"

hidden()
{
	local dir

	for dir in $TMPFS; do
		case $1/ in
		"$dir"/*) return 0 ;;
		esac
	done
	return 1
}

# fstab: all mounts but the first, so that one process can make them. Starting a
# process costs more than anything else here in the kernels that check all they do.
fstab()
{
	local dir

	cat <<-END
	sysfs /sys sysfs defaults 0 0
	devpts /dev/pts devpts defaults 0 0
	debugfs /sys/kernel/debug debugfs nofail 0 0
	tracefs /sys/kernel/tracing tracefs nofail 0 0
	cgroup2 /sys/fs/cgroup cgroup2 nofail 0 0
	END
	for dir in $OVERLAYS; do
		[ -d "$dir" ] || continue
		echo "overlay $dir overlay lowerdir=$dir,upperdir=$WORK/up$dir,workdir=$WORK/work$dir 0 0"
	done
	for dir in $TMPFS; do
		echo "tmpfs $dir tmpfs mode=1777 0 0"
	done
}

mount_tree()
{
	local dir keep=

	[ -c /dev/kmsg ] || mount -t devtmpfs devtmpfs /dev
	# the only place that is surely writable and surely not in use
	mkdir -p $WORK /dev/pts /dev/shm
	mount -t tmpfs tmpfs $WORK || return 1
	# the links that udev makes elsewhere
	ln -s /proc/self/fd /dev/fd
	ln -s fd/0 /dev/stdin
	ln -s fd/1 /dev/stdout
	ln -s fd/2 /dev/stderr
	# shellcheck disable=SC2086,SC2046 # lists
	mkdir -p $WORK/top $WORK/cache $(printf " $WORK/up%s" $OVERLAYS) \
		$(printf " $WORK/work%s" $OVERLAYS)
	if hidden "$MN_TOP"; then
		keep="$keep top:$MN_TOP"
		mount --bind "$MN_TOP" $WORK/top
	fi
	if [ -d "$MN_CACHE" ] && hidden "$MN_CACHE"; then
		keep="$keep cache:$MN_CACHE"
		mount --bind "$MN_CACHE" $WORK/cache
	fi
	fstab > $WORK/fstab
	mount -a -T $WORK/fstab
	for dir in $keep; do
		mkdir -p "${dir#*:}"
		mount --move "$WORK/${dir%%:*}" "${dir#*:}"
	done
	mount_build
}

# the one place whose changes reach the host
mount_build()
{
	if [ "$MN_SHARE" = hostfs ]; then
		mount -t hostfs -o "$MN_TOP/build" none "$MN_TOP/build"
	else
		mount -t 9p -o "trans=virtio,version=9p2000.L,msize=262144" \
			-o cache=none "$MN_SHARE" "$MN_TOP/build"
	fi
}

stage()
{
	echo "$1" > "$MN_RUN/stage"
}

# The command reads and writes a terminal of its own. Without a person in front
# of it, nothing may touch the bytes.
run_command()
{
	local in=$MN_TTY

	case $MN_INPUT in
	tty)
		stty sane -F "$MN_TTY"
		# shellcheck disable=SC2086 # rows and columns
		set -- $MN_WINSIZE
		[ $# -eq 2 ] && stty rows "$1" cols "$2" -F "$MN_TTY" ;;
	file)
		stty raw -echo -F "$MN_TTY"
		in=$MN_RUN/stdin ;;
	*)
		stty raw -echo -F "$MN_TTY"
		in=/dev/null ;;
	esac
	if [ "$MN_INPUT" = tty ]; then
		setsid -c -w bash -c '. "$1"' midonet "$MN_RUN/command"
	else
		setsid -w bash -c '. "$1"' midonet "$MN_RUN/command"
	fi < "$in" > "$MN_TTY" 2>&1
}

power_off()
{
	# reboot(2) by number: a container has no init system to ask
	perl -e 'syscall(169, 0xfee1dead, 0x28121969, 0x4321fedc, 0)'
	exit 0
}

[ -n "$MN_RUN" ] && [ -n "$MN_TTY" ] || power_off
mount -t proc proc /proc
# shellcheck disable=SC1091
. "$MN_RUN/env" || power_off
mount_tree > /dev/kmsg 2>&1 || power_off
stage module
export MN_TOP MN_CACHE MN_KERNEL MN_MODULE
export PATH=$MN_TOP/build/userspace:$PATH
ip link set lo up
echo on > /proc/sys/kernel/printk_devkmsg 2>/dev/null
if [ -n "$MN_MODULE" ] && ! insmod "$MN_MODULE" > /dev/kmsg 2>&1; then
	power_off
fi

stage command
cd "$MN_TOP" || power_off
run_command
status=$?

if [ -n "$MN_MODULE" ] && [ -z "$MN_KEEP" ] && [ -d /sys/module/midonet ]; then
	if ! rmmod midonet > /dev/kmsg 2>&1; then
		echo "midonet.ko cannot be removed" > "$MN_TTY"
		[ $status -eq 0 ] && status=98
	fi
fi
echo $status > "$MN_RUN/status"
stage done
power_off
