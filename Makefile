.DEFAULT_GOAL := help
.PHONY: help setup quickstart dev console screenshots check format test test-deploy test-faults bench openapi reference migrate clean

PYTHON ?= python3
UV := $(or $(shell command -v uv 2>/dev/null),.cache/uv/bin/uv)
BIN := .venv/bin
export UV_PYTHON_DOWNLOADS = never

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.cache/uv/bin/uv:
	@$(PYTHON) -m venv .cache/uv
	@.cache/uv/bin/python -m pip install --quiet --disable-pip-version-check uv

# Compiled here, for the confined workers may not write: each would compile what it imports once more.
.venv/.ready: pyproject.toml uv.lock | $(filter .cache/%,$(UV))
	@echo "Making the environment in .venv with $$($(PYTHON) --version)"
	@$(UV) sync --quiet --frozen --python "$$(command -v $(PYTHON))" --all-extras --compile-bytecode
	@$(BIN)/python -m compileall -q src
	@touch .venv/.ready

# Node.js and npm come with the environment; the console is built again only when its sources changed.
NODE := PATH="$(CURDIR)/$(BIN):$$PATH"
CONSOLE := src/datalab/console/assets/index.html
CONSOLE_SOURCES := $(shell find console -name node_modules -prune -o -type f -print)

console/node_modules/.ready: console/package-lock.json | .venv/.ready
	@echo "Fetching what the console is built with"
	@cd console && $(NODE) npm ci --loglevel=error --ignore-scripts >/dev/null
	@touch $@

$(CONSOLE): $(CONSOLE_SOURCES) console/node_modules/.ready
	@cd console && $(NODE) npm run --silent build

setup: .venv/.ready console ## Make the environment and build the console

console: $(CONSOLE) ## Build the web console into the package

quickstart: .venv/.ready ## Start the platform, walk the main job on real data, go on serving
	@$(MAKE) -s --no-print-directory console || echo "The console could not be built (see above): going on without it"
	@$(BIN)/datalab quickstart

dev: .venv/.ready ## Start the platform alone
	@$(BIN)/datalab up

check: .venv/.ready console/node_modules/.ready ## Format, lint, types, import contracts, unit tests: no servers, under a minute
	@mkdir -p .cache
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/lint-imports --config .importlinter --no-cache >.cache/lint-imports.txt || { cat .cache/lint-imports.txt; exit 1; }
	@$(BIN)/pyright --threads 2 >.cache/pyright.txt || { cat .cache/pyright.txt; exit 1; }
	@cd console && $(NODE) npm run --silent check
	@$(BIN)/pytest -q -n 2 tests/contracts tests/architecture/test_imports.py tests/architecture/test_packages.py

format: .venv/.ready ## Format and mend what can be mended
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --fix --quiet .

test: .venv/.ready $(CONSOLE) ## Every test; brings its own PostgreSQL, Redis and platform
	@$(BIN)/pytest -q -n 3 --dist loadgroup -m "not faults and not deploy"

test-deploy: .venv/.ready ## The tests that build images and run containers; as root, brings its own engine up
	@$(BIN)/pytest -q -n 0 -m deploy tests/deploy

test-faults: .venv/.ready ## The long tests that kill processes
	@$(BIN)/pytest -q -n 4 --dist loadgroup -m faults

bench: .venv/.ready ## Measure start, memory and first answers beside a bare FastAPI application
	@$(BIN)/python -m bench.start

openapi: .venv/.ready console/node_modules/.ready ## Write the services' OpenAPI documents to openapi/ and the console's types from them
	@$(BIN)/python -m datalab.host.openapi openapi
	@cd console && $(NODE) npm run --silent types

reference: .venv/.ready ## Write the reference pages that are made from the code
	@$(BIN)/python -m datalab.cli.reference docs/reference

screenshots: .venv/.ready $(CONSOLE) ## Make the README's pictures of the console
	@$(BIN)/python -m tests.console.screenshots docs/images

migrate: .venv/.ready ## Bring the databases to the newest schema
	@$(BIN)/datalab migrate

clean: ## Take away the environment and caches; data stays
	@rm -rf .venv .cache .pytest_cache .ruff_cache dist console/node_modules src/datalab/console/assets
