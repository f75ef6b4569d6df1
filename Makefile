# The commands of the hotline. `make help` lists them; docs/reference/commands.md explains them.

PYTHON       ?= python3
VENV         := .venv
BIN          := $(VENV)/bin
PIP          := $(BIN)/python -m pip --disable-pip-version-check --quiet install --require-hashes
TRANSLATIONS := hotline/web/translations
CATALOGUES   := $(patsubst %.po,%.mo,$(wildcard $(TRANSLATIONS)/*/LC_MESSAGES/messages.po))
TEMPLATES    := hotline/web/templates
WORKERS      ?= 3
SHARED       := -n $(WORKERS) --dist worksteal
T            ?=

RUNTIME_STAMP := $(VENV)/.runtime-installed
DEV_STAMP     := $(VENV)/.dev-installed
BROWSER_STAMP := $(VENV)/.browser-looked-for

export PYTHONUTF8 := 1

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev demo run clock test check proofs bench bench-full \
        format lint types imports translations templates dependencies messages docs lock

help: ## list these commands
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# ------------------------------------------------------------------ people

demo: setup ## the whole hotline with a simulated carrier and live callers: nothing else is needed
	@exec $(BIN)/python -m hotline.demo

run: setup ## production-like: migrate, then web server and clock with the environment's settings
	@exec $(BIN)/python -m hotline.serve

clock: setup ## one more clock in the foreground; any number may share a database
	@exec $(BIN)/flask clock

test: setup-dev ## every test, in one run (T=tests/unit runs a part)
	$(BIN)/pytest $(SHARED) $(T)

check: setup-dev ## format, lint, types, import contracts, translations, templates, tests
	$(BIN)/ruff format --check .
	$(MAKE) --no-print-directory lint types imports translations templates dependencies
	$(BIN)/pytest $(SHARED) --hypothesis-profile=ci

proofs: setup-dev ## the long forms of the same properties, fault runs and simulations; seeds are printed
	PROOFS=1 $(BIN)/pytest $(SHARED) --hypothesis-profile=proofs --hypothesis-show-statistics -m proof

bench: setup-dev ## the benchmarks as ratios, up to 1 million tickets, in at most 5 minutes
	$(BIN)/python -m bench

bench-full: setup-dev ## all benchmarks, up to 10 million tickets
	$(BIN)/python -m bench --full

# ------------------------------------------------------------------ set-up

setup: $(RUNTIME_STAMP) $(CATALOGUES) ## virtual environment, dependencies, translations

setup-dev: setup $(DEV_STAMP) $(BROWSER_STAMP) ## the same with the tools of tests and checks

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; name one with PYTHON=…" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	  { echo "python3 -m venv does not work; on Debian: apt install python3-venv" >&2; exit 1; }

$(RUNTIME_STAMP): requirements.txt requirements-extra.txt | $(BIN)/python
	@echo "Installing what the hotline needs (about a minute, once) …"
	@$(PIP) -r requirements.txt
	@$(PIP) -r requirements-extra.txt
	@touch $@

$(DEV_STAMP): requirements-dev.txt $(RUNTIME_STAMP)
	@echo "Installing what tests and checks need (about a minute, once) …"
	@$(PIP) -r requirements-dev.txt
	@touch $@

# Only Debian as root: elsewhere CHROMIUM names a browser, or its tests skip and say why.
$(BROWSER_STAMP): | $(BIN)/python
	@if [ -z "$(CHROMIUM)" ] && [ "$$(id -u)" = 0 ] && [ -f /etc/debian_version ] && \
	    ! { command -v chromium >/dev/null && fc-list 2>/dev/null | grep -q "Noto Sans CJK"; }; then \
	  echo "Installing chromium and fonts-noto-cjk for the browser tests …"; \
	  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
	    --no-install-recommends chromium fonts-noto-cjk fontconfig >/dev/null; } \
	  || echo "They could not be installed: the browser tests will skip." >&2; \
	fi
	@touch $@

%.mo: %.po | $(RUNTIME_STAMP)
	@$(BIN)/pybabel --quiet compile -i $< -o $@

# ------------------------------------------------------------------ writing code

format: setup-dev ## put code and imports in order
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

lint:
	$(BIN)/ruff check .

types:
	$(BIN)/mypy

imports:
	$(BIN)/lint-imports --no-logo

translations:
	$(BIN)/pytest -q tests/architecture/test_translations.py

templates:
	$(BIN)/djlint --quiet --lint $(TEMPLATES)

dependencies:
	$(BIN)/deptry .

messages: setup-dev ## collect new sentences into the English catalogue, where they wait for words
	$(BIN)/pybabel --quiet extract -F pyproject.toml --no-location --sort-output \
	  -k _l -k N_ -o $(VENV)/messages.pot .
	$(BIN)/pybabel --quiet update -D messages -d $(TRANSLATIONS) -l en --init-missing \
	  -i $(VENV)/messages.pot --no-fuzzy-matching --ignore-pot-creation-date --ignore-obsolete

docs: setup ## write docs/reference/states.md and metrics.md from the code
	$(BIN)/python -m bin.states_page
	$(BIN)/python -m bin.metrics_page

lock: ## pin requirements*.in anew (UV names the uv program)
	$(or $(UV),uv) pip compile requirements.in -o requirements.txt $(LOCK_FLAGS)
	$(or $(UV),uv) pip compile requirements-extra.in -o requirements-extra.txt $(LOCK_FLAGS)
	$(or $(UV),uv) pip compile requirements-dev.in -o requirements-dev.txt $(LOCK_FLAGS)

LOCK_FLAGS = --quiet --python-version 3.11 --universal --generate-hashes --no-header \
             --no-annotate --no-emit-index-url
