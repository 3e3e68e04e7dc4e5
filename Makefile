# The front door. `make help` lists what there is; README.md says which two you need.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

# rustup's own folder, for a shell that was open before rustup was installed.
export PATH := $(PATH):$(HOME)/.cargo/bin
export SKIP ?=

# Where `make run` listens and keeps its data.
LISTEN ?= 127.0.0.1:8080
DATA ?= data
# Real data for `make conformance`; lies beside the repository, never in it.
CONFORMANCE_DATA ?= ../shared/data

target := $(or $(CARGO_TARGET_DIR),target)
server := $(target)/release/yuheng
server_dev := $(target)/debug/yuheng
web_sources := $(shell find web/src web/public web/index.html web/vite.config.ts web/tsconfig.json docs/guide -type f 2>/dev/null)
modules := web/node_modules/.package-lock.json

say = @printf '\n==> %s  %s\n' "$$(date +%T)" '$(1)'
# Whether web/package.json has a script of this name.
npm_has = $(shell sed -n '/"scripts"/,/}/p' web/package.json 2>/dev/null | grep -c '"$(1)":' || true)

.PHONY: help run build test check bench conformance conformance-test setup setup-test clean
.PHONY: server fmt clippy web-check web-test server-dev rust-test pack-test browser-test rules deny

help: ## List what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 22
	@printf '\n  LISTEN=%s DATA=%s   for make run\n  SKIP=pg                             leaves out the tests on PostgreSQL, and says so\n' '$(LISTEN)' '$(DATA)'

run: build ## Build what is missing and serve with demonstration data
	$(call say,Serving http://$(LISTEN) with demonstration data in $(DATA)/ (Ctrl-C stops it))
	@exec $(server) serve --data $(DATA) --listen $(LISTEN) --demo

build: setup web/dist/index.html server ## Leave target/release/yuheng with the UI embedded

# Tests and rules ask the program that was built for them.
test: export YUHENG_BIN = $(abspath $(server_dev))
test: setup-test fmt web-check web-test clippy server-dev rust-test pack-test browser-test rules ## Run every test; what is missing fails
	$(call say,All tests passed)
	@if [ '$(SKIP)' = pg ]; then echo 'SKIP=pg: but not those on PostgreSQL, which were left out'; fi

check: setup fmt web-check clippy rules deny ## Check without running tests: format, lints, types, rules, licences and advisories

bench: build ## Measure, beside raw baselines, and write bench/RESULTS.md
	@if ! [ -f bench/Cargo.toml ]; then echo 'there are no measurements yet: bench/ is empty'; exit 1; fi
	$(call say,Measuring; keep the machine free of other work)
	cargo run --release --locked -p bench

conformance: ## Run the product on the real data in $CONFORMANCE_DATA
	@if ! [ -d '$(CONFORMANCE_DATA)' ]; then echo 'missing: the data folder $(CONFORMANCE_DATA); name another with CONFORMANCE_DATA='; exit 1; fi
	@if [ -e tests/it/conformance.rs ] || [ -d tests/it/conformance ]; then $(MAKE) conformance-test; else echo 'no test reads the real data yet'; fi

# The tests of tests/it/conformance are ignored otherwise, since they need the data and a fast program.
conformance-test: build setup-test
	$(call say,Conformance on $(CONFORMANCE_DATA))
	YUHENG_BIN='$(abspath $(server))' YUHENG_CONFORMANCE_DATA='$(abspath $(CONFORMANCE_DATA))' \
	cargo test --locked -p blackbox --test it -- --ignored conformance
	YUHENG_CONFORMANCE_DATA='$(abspath $(CONFORMANCE_DATA))' cargo test --locked -p flow --test it -- --ignored conformance

setup: ## Install what building needs, or name it
	@setup/need.sh build

setup-test: ## Install what the tests need, or name it
	$(call say,Tools)
	@setup/need.sh test

clean: ## Remove what was built and fetched, but no data
	rm -rf target web/dist web/node_modules

# ---- parts ------------------------------------------------------------------------------------------------------------

$(modules): web/package.json web/package-lock.json
	$(call say,Fetching the packages of the UI (npm ci))
	cd web && npm ci --no-audit --no-fund
	@touch $@

# The server embeds the UI at compile time: it must be compiled again when the UI is another.
web/dist/index.html: $(modules) $(web_sources)
	$(call say,Building the UI)
	cd web && npm run build
	@touch $@ crates/server/src/http/ui.rs

server:
	@if ! [ -x $(server) ]; then printf '\n==> %s  %s\n' "$$(date +%T)" 'Building the server; the first time this compiles every dependency and takes minutes'; fi
	@cargo build --release --locked -p server

# All at once: chosen one by one, packages get other features of their dependencies, and these are compiled again.
server-dev: web/dist/index.html
	$(call say,Building the server and all tests)
	cargo build --workspace --all-targets --locked

fmt:
	$(call say,Format)
	cargo fmt --all --check

clippy:
	$(call say,Lints of the Rust code)
	cargo clippy --workspace --all-targets --locked -- -D warnings

web-check: $(modules)
	$(call say,Types and lints and texts of the UI)
	cd web && npm run check

web-test: $(modules)
	$(call say,Tests of the UI)
	cd web && npm test

rust-test: server-dev
	$(call say,Tests of the crates and of the running product $(if $(SKIP),(SKIP=$(SKIP))))
	cargo test --workspace --locked

pack-test: server-dev
	$(call say,Cases of the packs)
	$(server_dev) pack test

browser-test: server-dev
	$(call say,Tests in the browser)
	@if [ '$(call npm_has,e2e)' != 0 ]; then cd web; \
	CHROMIUM="$${CHROMIUM:-$$(command -v chromium || command -v chromium-browser)}" npm run e2e; else echo 'none yet'; fi

rules:
	$(call say,Rules of the repository)
	cargo run --quiet --locked -p xtask -- rules

deny:
	$(call say,Licences and advisories of the dependencies)
	@if ! cargo deny --version >/dev/null 2>&1; then echo 'cargo-deny is installed once; this takes minutes'; cargo install --locked cargo-deny; fi
	cargo deny check
