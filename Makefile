# SPDX-License-Identifier: GPL-2.0
#
# midonet.ko, midoctl, midonetd. `make help` says what there is.

# The kernel to build for: the running one if its headers are here, else the
# test kernel in User-Mode Linux.
KDIR ?= $(wildcard /lib/modules/$(shell uname -r)/build)
BUILD := $(CURDIR)/build
VM := tests/vm/run

.PHONY: all
all: module tools

.PHONY: module
module:
ifneq ($(KDIR),)
	tests/vm/link-tree $(CURDIR) $(BUILD)/module
	$(MAKE) -C $(KDIR) M=$(BUILD)/module modules
else
	$(VM) --build
	@echo "No headers of the running kernel: $(BUILD)/uml/midonet.ko is for User-Mode Linux."
endif

.PHONY: tools
tools:
	@mkdir -p $(BUILD)
	$(MAKE) -C userspace

.PHONY: install
install: tools
	$(MAKE) -C userspace install

.PHONY: modules_install
modules_install:
	@test -n "$(KDIR)" || { echo "No headers of the running kernel; give KDIR=." >&2; false; }
	$(MAKE) -C $(KDIR) M=$(BUILD)/module modules_install

.PHONY: deb
deb:
	@tests/packages build deb
	@tests/deb/build

.PHONY: packages
packages:
	tests/packages

.PHONY: demo
demo:
	@tests/packages build run
	@$(VM) --kernel demo -- tests/demo.sh

.PHONY: demo-cluster
demo-cluster:
	@tests/packages build run check
	@$(VM) --kernel uml --mem 2G -- tests/demo_cluster.sh

.PHONY: shell
shell:
	@tests/packages build run
	@$(VM) --kernel demo --shell

.PHONY: check
check:
	@tests/packages build run check distro
	@tests/check $(CHECK)

.PHONY: lint
lint:
	@tests/packages build run check
	@tests/lint

.PHONY: fuzz
fuzz:
	@tests/packages build run check
	@tests/check --seconds $(or $(SECONDS),3600) fuzz

.PHONY: bench
bench:
	@tests/packages build run distro bench
	@tests/bench/run $(BENCH)

.PHONY: kernels
kernels:
	@tests/packages build run check distro
	@for kernel in uml debug smp smp-debug distro; do \
		$(VM) --kernel $$kernel --no-module --build || exit; done

.PHONY: kernels-check
kernels-check:
	@tests/packages build check distro
	@tests/vm/kernels-check

.PHONY: clean
clean:
	rm -rf $(BUILD)

.PHONY: help
help:
	@echo 'make                  midonet.ko (for KDIR=DIR, default the running kernel if its headers'
	@echo '                      are here, else the test kernel) and the tools, into build/'
	@echo 'make packages         install the Debian packages everything below needs (as root)'
	@echo 'make demo             two virtual bridges, three VMs, a story to read; under three minutes'
	@echo 'make demo-cluster     three servers of ZooKeeper, three hypervisors: what is lost when a leader'
	@echo '                      and a daemon are killed; about a minute'
	@echo 'make shell            a shell in the test kernel, module loaded'
	@echo 'make check            all tests; CHECK="kunit debug" runs some: userspace build kunit'
	@echo '                      debug failslab zookeeper smp distro demo fuzz; when named: ensemble,'
	@echo '                      and deb, which installs the packages into a clean Debian and boots it'
	@echo 'make lint             checkpatch, sparse, kernel-doc, shellcheck where it is installed'
	@echo 'make fuzz             the fuzzers at length; SECONDS=N for each, default an hour'
	@echo 'make bench            the benchmark; BENCH=P1,P3 runs some of it'
	@echo 'make kernels          build every test kernel (kept in the cache outside this tree)'
	@echo 'make kernels-check    compile the module for the kernels of Debian 12, 13 and sid'
	@echo 'make install          the tools; DESTDIR= and PREFIX= as usual'
	@echo 'make deb              Debian packages midonet, midonet-dkms, midonet-doc, into build/deb/'
	@echo 'make modules_install  the module, for KDIR'
	@echo 'make clean            remove build/; the cached kernels are in'
	@echo '                      $${MIDONET_CACHE:-$${XDG_CACHE_HOME:-~/.cache}/midonet}'
