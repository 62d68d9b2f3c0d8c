.DEFAULT_GOAL := help
.PHONY: help setup quickstart dev dev-build prod logs ps restart exec shell distclean test-deploy deploy-files console screenshots check format test test-deploy test-faults bench openapi reference migrate clean

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

# Which stack the verbs below speak of: dev (docker-compose.yml with live reload) or prod.
stack ?= dev
FILES_dev := docker-compose.yml docker-compose.dev.yml
FILES_prod := docker-compose.prod.yml
COMPOSE = docker compose $(FILES_$(stack):%=--file %)

.env: | .venv/.ready
	@$(BIN)/datalab deploy env

dev: .env ## Start a stack of containers that serves changed lines by itself
	@docker compose $(FILES_dev:%=--file %) up --build --detach --wait
	@echo "DataLab answers at http://127.0.0.1:8000; \`make logs\` follows it, \`make clean\` takes it away"

dev-build: .env ## Build that stack's images anew, from nothing
	@docker compose $(FILES_dev:%=--file %) build --no-cache

prod: .venv/.ready ## Build and start the production stack, or update it without dropping a request
	@$(BIN)/datalab deploy up compose

logs: ## Follow the logs of a stack (stack=prod), or of one service=
	@$(COMPOSE) logs --tail 100 --follow $(service)

ps: ## What runs of a stack
	@$(COMPOSE) ps --all

restart: ## Restart one service=
	@$(COMPOSE) restart $(or $(service),$(error say which: make restart service=data-service))

exec: ## Run a cmd= in a service=
	@$(COMPOSE) exec $(or $(service),$(error say where: make exec service=data-service cmd=env)) $(or $(cmd),$(error say what: cmd=env))

shell: ## A shell in a service= (api-gateway unless named)
	@$(COMPOSE) exec $(or $(service),api-gateway) sh

migrate: ## Bring a stack's databases to the newest schema
	@$(COMPOSE) run --rm migrate

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
	@$(BIN)/python -m compileall -q src
	@$(BIN)/pytest -q -n 3 --dist loadgroup -m "not faults and not deploy"

test-deploy: .venv/.ready ## The tests that build images and run containers (only=FILES); as root, brings its own engine up
	@$(BIN)/pytest -q -n 0 -m deploy $(or $(only),tests/deploy)

test-faults: .venv/.ready ## The long tests that kill processes
	@$(BIN)/pytest -q -n 4 --dist loadgroup -m faults

bench: .venv/.ready ## Measure start, memory and first answers beside a bare FastAPI application
	@$(BIN)/python -m bench.start

openapi: .venv/.ready console/node_modules/.ready ## Write the services' OpenAPI documents to openapi/ and the console's types from them
	@$(BIN)/python -m datalab.host.openapi openapi
	@cd console && $(NODE) npm run --silent types

reference: .venv/.ready ## Write the reference pages that are made from the code
	@$(BIN)/python -m datalab.cli.reference docs/reference

deploy-files: .venv/.ready ## Write the deployments' files from the topology
	@$(BIN)/datalab deploy files
	@$(BIN)/python -m tests.golden.deployments

screenshots: .venv/.ready $(CONSOLE) ## Make the README's pictures of the console
	@$(BIN)/python -m tests.console.screenshots docs/images

clean: ## Take a stack away with its data, after asking; nothing of anybody else's
	@printf 'This deletes the containers and volumes of %s, with all data in them. Type "delete": ' "$(FILES_$(stack))"; \
	read -r answer; [ "$$answer" = delete ] || { echo "Nothing was deleted."; exit 1; }
	@$(COMPOSE) down --volumes --remove-orphans

distclean: ## Take away the environment, caches and what was built; data stays
	@rm -rf .venv .cache .pytest_cache .ruff_cache dist console/node_modules src/datalab/console/assets
