# The two commands: `make run` and `make test`. Each prepares what it needs and is fast when nothing changed.
# Needs: Python 3.11 or newer, make, git. Rasa's Python 3.10 is looked for and, when there is none, fetched by uv.

.DEFAULT_GOAL := help
.PHONY: help run test lint bench chaos eval train clean lock environments tests-web tests-emulators fuzz sbom audit
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c

BIN := .venv/bin
BOT := .venv-bot/bin
BOT_PYTHON := PYTHONPATH=. RASA_TELEMETRY_ENABLED=false $(BOT)/python
UV := $(shell uv --version >/dev/null 2>&1 && command -v uv || echo .uv/bin/uv)
PYTHON := $(shell for p in python3.11 python3.12 python3.13 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)

# uv does not read pip's find-links. Without any, torch's small build for processors is asked for by name.
UV_SOURCES = links="$${UV_FIND_LINKS:-$${PIP_FIND_LINKS:-$$($(PYTHON) -m pip config get global.find-links 2>/dev/null || true)}}"; \
	if [ -n "$$links" ]; then export UV_FIND_LINKS="$$links"; else export UV_TORCH_BACKEND="$${UV_TORCH_BACKEND:-cpu}"; fi

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1|/' | column -t -s '|'

run: environments ## everything on this machine: web chat, console, bot; Ctrl-C stops it
	@$(BIN)/python -m handoff.running

environments: .venv/.ready .venv-bot/.ready

test: environments .venv/.ready-dev tests-web tests-emulators ## the whole suite: real Redis, real Rasa, real Chromium
	@command -v chromium chromium-browser google-chrome >/dev/null || { \
		echo "Chromium is missing and the browser tests need it. Install it: apt-get install -y chromium fonts-liberation"; exit 1; }
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || { \
		echo "PostgreSQL is missing and the records' tests need it. Install it: apt-get install -y postgresql"; exit 1; }
	@$(BIN)/python -m models.encoder_export
	@echo "Training the bot if its training data changed ..." && $(BOT_PYTHON) bot/train.py
	@$(BIN)/pytest -n 2 --dist loadfile $(ARGS)

lint: .venv/.ready .venv/.ready-dev ## style, types, which package may know which, risky calls, secrets
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/bandit -q -c pyproject.toml -r handoff connectors models bot 2>&1 | { grep -vE "WARNING	(Test in comment|nosec encountered)" || true; }
	@$(BIN)/python -m tests.security.secret_scan

fuzz: .venv/.ready .venv/.ready-dev ## 110,000 broken inputs for every parser, as a table and in var/fuzz.json (a quarter of an hour)
	@$(BIN)/python -W ignore -m tests.security.fuzz $(ARGS)

sbom: .venv/.ready .venv/.ready-dev ## what the service and the bot are made of, as CycloneDX in var/sbom.json
	@$(BIN)/python -m tests.security.sbom

audit: .venv/.ready .venv/.ready-dev ## pins held against known vulnerabilities; needs the network
	@for pins in requirements.txt requirements-dev.txt bot/requirements.txt; do \
		$(BIN)/pip-audit --strict --disable-pip --no-deps -r $$pins || { echo "$$pins: either a vulnerability stands above, or its data" \
		"could not be had. In the first case raise the pin (make lock); in the second try again where the network reaches PyPI."; exit 1; }; done

bench: environments .venv/.ready-dev tests-emulators ## speed, as tables and in var/bench.json
	@$(BIN)/python -m tests.bench $(ARGS)

chaos: environments .venv/.ready-dev tests-emulators ## everything dies in turn while people talk: a ledger, and var/chaos.json
	@$(BIN)/python -m tests.chaos $(ARGS)

# An aim that is missed is shown in the table; a program that breaks leaves no file, which the last line reports.
eval: environments .venv/.ready-dev ## quality of bot, screen and search, as tables and in var/eval.json
	@mkdir -p var/eval && rm -f var/eval/*.json
	@$(BIN)/python -m models.encoder_export
	@$(BOT_PYTHON) bot/train.py
	-@$(BOT_PYTHON) bot/evaluate.py --out var/eval/bot.json
	-@$(BIN)/python -m models.evaluate_screen models/functional/*.yml --corpus --compare --out var/eval/screen.json
	-@$(BIN)/python -m models.evaluate_resources --out var/eval/resources.json
	@$(BIN)/python -m models.report var/eval/bot.json var/eval/screen.json var/eval/resources.json --out var/eval.json

train: environments ## train the screen's classifier anew on the corpus (half an hour on two cores), and keep its figures
	@$(BIN)/python -m models.classifier.train
	@$(BIN)/python -m models.classifier.figures

lock: $(UV) ## compile the requirements.in files into pinned requirements.txt files
	@$(UV_SOURCES); compile="$(UV) pip compile -q --upgrade --no-annotate --no-header"; \
		$$compile --python-version 3.11 requirements.in -o requirements.txt; \
		$$compile --python-version 3.11 requirements-dev.in -o requirements-dev.txt; \
		$$compile --python-version 3.10 bot/requirements.in -o bot/requirements.txt; \
		sed -i -e 's/^\(torch==[^+]*\)+cpu$$/\1/' -e '/^--/d' requirements.txt requirements-dev.txt bot/requirements.txt

clean: ## remove environments, caches and trained models; people's words in var/ stay
	@rm -rf .venv .venv-bot .uv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis *.egg-info \
		bot/trained var/encoder tests/web/node_modules tests/emulators/node_modules
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.uv/bin/uv:
	@[ -n "$(PYTHON)" ] || { echo "Python 3.11 or newer was not found. Install it: apt-get install -y python3 python3-venv"; exit 1; }
	@echo "Fetching uv ..."
	@$(PYTHON) -m venv .uv && .uv/bin/pip install -q uv

.venv/.ready: requirements.txt pyproject.toml | $(UV)
	@[ -n "$(PYTHON)" ] || { echo "Python 3.11 or newer was not found. Install it: apt-get install -y python3 python3-venv"; exit 1; }
	@echo "Making the service's environment (.venv; a minute) ..."
	@[ -x $(BIN)/python ] || $(UV) venv -q -p "$$($(PYTHON) -c 'import sys; print(sys.executable)')" .venv
	@$(UV_SOURCES); $(UV) pip install -q -p $(BIN)/python -r requirements.txt
	@$(UV) pip install -q -p $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

.venv/.ready-dev: requirements-dev.txt .venv/.ready | $(UV)
	@echo "Adding what tests and lint need ..."
	@$(UV_SOURCES); $(UV) pip install -q -p $(BIN)/python -r requirements-dev.txt
	@touch $@

.venv-bot/.ready: bot/requirements.txt | $(UV)
	@echo "Making Rasa's environment (.venv-bot, Python 3.10; half a minute) ..."
	@if [ ! -x $(BOT)/python ]; then \
		found="$$( (ls -d "$$(pyenv root 2>/dev/null)"/versions/3.10.*/bin/python 2>/dev/null || true) | tail -1)"; \
		[ -n "$$found" ] || found="$$($(UV) python find 3.10 2>/dev/null || true)"; \
		if [ -z "$$found" ]; then echo "Fetching Python 3.10 ..."; $(UV) python install -q 3.10 && found="$$($(UV) python find 3.10)" || { \
			echo "Python 3.10 was not found and could not be fetched; Rasa needs it. Install it, for example: pyenv install 3.10"; exit 1; }; fi; \
		$(UV) venv -q -p "$$found" .venv-bot; fi
	@$(UV_SOURCES); $(UV) pip install -q -p $(BOT)/python -r bot/requirements.txt
	@touch $@

tests-web: tests/web/node_modules/.ready

tests-emulators: tests/emulators/node_modules/.ready

tests/%/node_modules/.ready: tests/%/package.json
	@command -v npm >/dev/null || { echo "npm is missing and the tests need it. Install it: apt-get install -y npm"; exit 1; }
	@echo "Fetching what the tests in tests/$* need ..."
	@cd tests/$* && if [ -f package-lock.json ]; then npm ci --silent --no-audit --no-fund; \
		else npm install --silent --no-audit --no-fund --no-package-lock; fi
	@touch $@
