# The two commands: `make run` and `make test`. Everything lands in .venv/, node_modules/ and var/.
.DEFAULT_GOAL := help
.PHONY: help run test check lint types format assets evaluate bench lock wheel clean

PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3.14 python3 python; do $$p -c "import sys; sys.exit(sys.version_info < (3, 11))" 2>/dev/null && echo $$p && break; done)
LEVEL ?= 15000
BIN := .venv/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
DEMONSTRATION := env -u DATABASE_URL TWINCITYLAB_DEMONSTRATION=1
SAY := @printf '\033[1m%s\033[0m\n'

help: ## list the commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 20

# A world of invented communities in a database of its own, whatever DATABASE_URL says.
run: .venv/.run .venv/.assets ## set everything up and open a demonstration on http://127.0.0.1:8000
	@$(DEMONSTRATION) $(BIN)/twincitylab demo --level $(LEVEL)
	@$(DEMONSTRATION) $(BIN)/twincitylab serve

test: .venv/.dev .venv/.assets ## run the tests (DATABASE_URL chooses the database, SQLite by default)
	$(BIN)/pytest -n auto --dist worksteal

check: lint test ## what CI runs: every check, then the tests

lint: .venv/.dev .venv/.assets ## style, types, import contract, templates, migrations, scripts
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports --no-cache
	$(BIN)/mypy
	git ls-files -z '*.html' | xargs -0r $(BIN)/djade --check --target-version 5.2
	$(BIN)/django-admin makemigrations --check --dry-run --settings twincitylab.config.settings
	npm run --silent check

format: .venv/.dev ## rewrite to the house style
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
	git ls-files -z '*.html' | xargs -0r $(BIN)/djade --target-version 5.2

assets: .venv/.assets ## build styles and scripts

evaluate: .venv/.dev ## measure the matching on held-out twinnings (needs ../shared/data)
	$(BIN)/python -m evaluation

bench: .venv/.dev .venv/.assets ## measure the speed
	$(BIN)/python -m benchmarks

lock: .venv/.dev ## pin every dependency with its hash again
	$(BIN)/python requirements/lock.py

wheel: .venv/.dev .venv/.assets ## build the distribution into dist/
	$(BIN)/python -m hatchling build

clean: ## remove what the commands made, but never the data in var/
	rm -rf .venv node_modules dist src/twincitylab/web/static/web/dist src/twincitylab/locale/*/LC_MESSAGES/*.mo

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed and none was found."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; $(PYTHON) is older. Name another one: make run PYTHON=/path/to/python3"; exit 1; }
	$(SAY) "1/4 Making the environment in .venv"
	@$(PYTHON) -m venv .venv || { echo "The module venv is missing; on Debian: apt install python3-venv"; rm -rf .venv; exit 1; }

.venv/.run: requirements/run.txt pyproject.toml | .venv/bin/python
	$(SAY) "2/4 Installing the libraries (once, about a minute)"
	@$(PIP) install --progress-bar on --require-hashes -r requirements/run.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q src
	@touch $@

.venv/.dev: requirements/dev.txt .venv/.run
	$(SAY) "Installing the tools for tests and checks (once)"
	@$(PIP) install --progress-bar on --require-hashes -r requirements/dev.txt
	@touch $@

.venv/.node: package.json package-lock.json requirements/node.txt .venv/.run
	$(SAY) "3/4 Fetching what the pages are built with (once)"
	@node -e 'process.exit(+process.versions.node.split(".")[0] < 20 ? 1 : 0)' 2>/dev/null && command -v npm >/dev/null \
	  || $(PIP) install --require-hashes -r requirements/node.txt
	@npm ci --silent
	@touch $@

.venv/.assets: .venv/.node $(shell find src/twincitylab/web/islands src/twincitylab/web/styles src/twincitylab/locale -type f -not -name '*.mo')
	$(SAY) "4/4 Building the pages' scripts and styles"
	@npm run --silent build
	@$(BIN)/python -m twincitylab.web.catalogs
	@touch $@
