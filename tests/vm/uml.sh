#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# User-Mode Linux kernels: uml, debug, smp, smp-debug. The interface is described
# in tests/vm/run; `dir` is for make, lint and bench: it prints the directory
# of the built kernel.

set -euo pipefail

here=$MN_TOP/tests/vm

# kernel: source, fragments of config/, about how many files are compiled
case $MN_KERNEL in
uml)		source=6.1    fragments="base"			objects=870 ;;
demo)		source=6.1    fragments="base demo"		objects=600 ;;
debug)		source=6.1    fragments="base debug"		objects=960 ;;
smp)		source=newest fragments="base smp"		objects=950 ;;
smp-debug)	source=newest fragments="base smp debug smp-debug" objects=1030 ;;
*)		echo "uml.sh: no kernel \"$MN_KERNEL\"" >&2; exit 1 ;;
esac

say()
{
	echo "kernel $MN_KERNEL: $*" >&2
}

# Later fragments win; =n is said explicitly so that it can be checked.
merged_config()
{
	local name

	for name in $fragments; do
		cat "$here/config/$name.config"
	done | awk -F= '/^CONFIG_/ { if (!($1 in v)) k[++n] = $1; v[$1] = $0 }
		END { for (i = 1; i <= n; i++) print v[k[i]] }'
}

# Kconfig drops in silence what it cannot have.
check_config()
{
	local dropped

	dropped=$(awk -F= 'NR == FNR { if (/^CONFIG_/) have[$1] = $0; next }
		/=n$/ { if ($1 in have) print have[$1] " (not wanted)"; next }
		have[$1] != $0 { print }' "$2" "$1")
	[ -z "$dropped" ] && return
	say "options that were not taken over:"
	printf '%s\n' "$dropped" >&2
	return 1
}

# Turns make's lines into one line with a percentage, or, where nobody looks at
# a terminal, a line for each tenth.
progress()
{
	local tty=0

	[ -t 2 ] && tty=1
	awk -v total="$objects" -v tty=$tty -v name="$MN_KERNEL" '
	/^ +(CC|AS|HOSTCC) / {
		percent = int(++n * 100 / total)
		if (percent > 99)
			percent = 99
		if (percent == last || (!tty && percent < last + 10))
			next
		last = percent
		printf "%skernel %s: compiling, %d%%%s", tty ? "\r" : "",
			name, percent, tty ? "" : "\n" > "/dev/stderr"
		fflush("/dev/stderr")
	}
	END { if (tty && n) printf "\r\033[K" > "/dev/stderr" }'
}

# cmd_...=: without the script that looks for exported static symbols, and with
# W=1 without kernel-doc, once per file each. A tenth of the time; lint looks.
kbuild()
{
	make -C "$tree" ARCH=um O="$dir" cmd_check_local_export= cmd_checkdoc= \
		"$@"
}

kernel_dir()
{
	local version key

	tree=$("$here/source.sh" "$source")
	version=$(cat "$tree/.midonet-version")
	key=$( { merged_config; gcc -dumpfullversion; echo "$tree"; } |
		sha256sum | cut -c 1-12)
	dir=$MN_CACHE/kernel/$MN_KERNEL-$version-$key
}

build_failed()
{
	say "failed, see $dir/build.log:"
	tail -n 20 "$dir/build.log" >&2
	return 1
}

build_kernel()
{
	local start=$SECONDS

	say "building it once, into $dir"
	rm -rf "$dir"
	mkdir -p "$dir"
	merged_config > "$dir/midonet.config"
	kbuild -s KCONFIG_ALLCONFIG="$dir/midonet.config" allnoconfig \
		> "$dir/build.log" 2>&1 || build_failed || return
	check_config "$dir/midonet.config" "$dir/.config" || return
	kbuild -j"$(nproc)" linux modules 2>&1 | tee -a "$dir/build.log" |
		progress || build_failed || return

	# modules need scripts, headers and symbols, not what the kernel was made
	# of
	find "$dir" -path "$dir/scripts" -prune -o -type f \
		\( -name '*.o' -o -name '*.a' -o -name '.*.cmd' \
		   -o -name '.tmp_*' -o -name 'vmlinux' \) -print0 |
		xargs -0 rm -f
	echo $((SECONDS - start)) > "$dir/seconds"
	touch "$dir/done"
	say "built in $((SECONDS - start)) seconds"
}

kernel()
{
	kernel_dir
	[ -e "$dir/done" ] && return
	exec 8> "$MN_CACHE/kernel.lock"
	flock -n 8 || { say "waiting for another build"; flock 8; }
	[ -e "$dir/done" ] || build_kernel
}

# The module is built in a tree of symbolic links, so that several kernels can
# be served from one source and nothing is compiled twice.
module()
{
	kernel_dir
	exec 8> "$MN_BUILD.lock"
	flock 8
	"$here/link-tree" "$MN_TOP" "$MN_BUILD" >&2
	if ! kbuild -s -j"$(nproc)" M="$MN_BUILD" W=1 \
	     ${MN_KUNIT:+MN_KUNIT=1} modules >&2; then
		return 1
	fi
	echo "$MN_BUILD/midonet.ko"
}

# The guest's memory is a file that is mapped: /dev/shm is best if it can hold
# it (in a container it often cannot).
memory_dir()
{
	local free need

	need=$(numfmt --from=iec "$MN_MEM")
	free=$(df --output=avail -B1 /dev/shm 2>/dev/null | tail -n 1)
	if [ "${free:-0}" -gt "$need" ]; then
		echo /dev/shm
	else
		echo "${TMPDIR:-/tmp}"
	fi
}

boot()
{
	local rundir=$1 words=

	kernel_dir
	case $MN_KERNEL in
	smp*)	words="ncpus=$MN_CPUS seccomp=on" ;;
	esac
	# an object cache that shares its pages with others cannot tell a leak
	case $MN_KERNEL in
	*debug)	words="$words slab_nomerge" ;;
	esac
	TMPDIR=$(memory_dir)
	export TMPDIR
	ulimit -c 0
	# tty0 is the log, tty1 belongs to the command
	exec 6>&1 5<&0 < /dev/null > "$rundir/log" 2>&1
	# shellcheck disable=SC2086 # words are meant
	exec "$dir/linux" mem="$MN_MEM" $words root=/dev/root rootfstype=hostfs \
		rootflags=/ ro con=null con0=null,fd:1 con1=fd:5,fd:6 \
		console=tty0 ignore_loglevel printk.devkmsg=on \
		panic=-1 oops=panic kunit.enable=1 init="$here/init.sh" MN_RUN="$rundir" \
		MN_TTY=/dev/tty1 MN_SHARE=hostfs $MN_APPEND
}

dir()
{
	kernel_dir
	echo "$dir"
}

"$@"
