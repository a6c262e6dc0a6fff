# Every target uses one virtual environment, .venv, installed from the hashed lock files.
PYTHON ?= python3
PORT ?= 8000
# make serve and make bench: the number of worker processes; two if it is empty.
WORKERS ?=
# make test: a file or folder to test, and options for pytest.
FILE ?=
PYTEST ?=
# make bench: fill the site up to so many synthetic stories before; options of manage.py bench.
STORIES ?=
BENCH ?=

MANAGE = .venv/bin/python manage.py
RUNTIME = .venv/.runtime
DEVELOPMENT = .venv/.development
# Marks the site as a trial on this machine. The settings then choose what neither the environment
# nor .env sets (see stories_project/env.py).
TRIAL = TRIAL_ADDRESS=http://127.0.0.1:$(PORT)

.DEFAULT_GOAL := help
.PHONY: help run serve install bench prepare test chaos check lint types fix screenshots messages variables audit lock

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

run: $(RUNTIME) ## Run the site with demo stories (SERVER=production: with the production server)
ifeq ($(SERVER),production)
	@echo "==> Preparing the database and the demo"
	@$(TRIAL) DEBUG=off $(MANAGE) migrate --verbosity 0
	@$(TRIAL) DEBUG=off $(MANAGE) demo --with-demo
	@$(TRIAL) exec $(MAKE) --no-print-directory serve
else
	@echo "==> Preparing the database and the demo"
	@$(TRIAL) DEBUG=on $(MANAGE) migrate --verbosity 0
	@$(TRIAL) DEBUG=on $(MANAGE) demo
	@echo "==> Serving on http://127.0.0.1:$(PORT)/; stop with Ctrl-C"
	@$(TRIAL) DEBUG=on exec $(MANAGE) runserver 127.0.0.1:$(PORT)
endif

install: $(RUNTIME) ## Install the packages of the site, without those of its tests

serve: $(RUNTIME) ## Run the production server, without the demo
	@DEBUG=off exec $(MANAGE) serve --prepare --port $(PORT) $(if $(WORKERS),--workers $(WORKERS))

bench: export TRIAL_ADDRESS = http://127.0.0.1:$(PORT)
bench: prepare ## Measure the speed of the site (STORIES=5000 fills a trial site before)
	@$(if $(STORIES),DEBUG=off $(MANAGE) demo --with-demo --stories $(STORIES))
	@DEBUG=off exec $(MANAGE) bench $(if $(WORKERS),--workers $(WORKERS)) $(BENCH)

prepare: $(RUNTIME)
	@DEBUG=off $(MANAGE) prepare

# Starting the parallel workers takes longer than one test file, so FILE runs without them.
test: $(DEVELOPMENT) ## Run the tests (FILE=tests/stories/search or PYTEST="-k related" for some of them)
	@.venv/bin/python -X dev -m pytest $(if $(FILE),,--numprocesses auto) $(FILE) $(PYTEST)

check: $(DEVELOPMENT) lint types ## Run every check: style, types, missing migrations, deployment settings, tests
	@echo "==> Missing migrations"
	@DEBUG=on $(MANAGE) makemigrations --check --dry-run
	@echo "==> Deployment checks"
	@DEBUG=off SITE_URL=https://example.org ALLOWED_HOSTS=example.org EMAIL_URL=smtp://127.0.0.1:25 CLIENT_ADDRESS_VARIABLE=HTTP_X_REAL_IP SECRET_KEY=$$($(PYTHON) -c "import secrets; print(secrets.token_urlsafe(50))") $(MANAGE) check --deploy --fail-level WARNING
	@$(MAKE) --no-print-directory test

lint: $(DEVELOPMENT) ## Check style and formatting
	@echo "==> Lint and format"
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .

types: $(DEVELOPMENT) ## Check the types
	@echo "==> Types"
	@DEBUG=on .venv/bin/mypy

fix: $(DEVELOPMENT) ## Fix style and formatting where a tool can
	@.venv/bin/ruff check --fix .
	@.venv/bin/ruff format .

chaos: $(DEVELOPMENT) ## Break everything for MINUTES=10 while people read and write (needs PostgreSQL and Redis)
	@.venv/bin/python -m tests.chaos --minutes $(or $(MINUTES),10) $(if $(SEED),--seed $(SEED))

screenshots: $(DEVELOPMENT) ## Take the screenshots for the guides, and of every page (needs chromium)
	@.venv/bin/python docs/screenshots.py

messages: $(DEVELOPMENT) ## Collect the sentences to translate, and compile the translations (needs gettext)
	@DEBUG=on $(MANAGE) makemessages --all $(MESSAGES)
	@DEBUG=on $(MANAGE) makemessages --all $(MESSAGES) --domain djangojs
	@DEBUG=on $(MANAGE) compilemessages --verbosity 0 --ignore .venv --ignore node_modules

MESSAGES = --no-obsolete --no-wrap --add-location file --ignore .venv --ignore node_modules --ignore var --ignore tests

variables: $(DEVELOPMENT) ## Write the table of variables in docs/operating.md again
	@.venv/bin/python docs/variables.py

audit: $(DEVELOPMENT) tests/audit/node_modules ## Audit the packages for known vulnerabilities (needs the network), and the pages with axe, the Nu checker and Lighthouse (needs chromium, java, npm)
	@status=0; \
	echo "==> Known vulnerabilities of the packages"; \
	.venv/bin/pip-audit --strict --disable-pip --require-hashes --requirement requirements.txt --progress-spinner off || status=1; \
	echo "==> The pages"; \
	.venv/bin/python tests/audit/audit.py || status=1; \
	exit $$status

tests/audit/node_modules: tests/audit/package-lock.json
	@echo "==> Installing the audit tools"
	@npm ci --prefix tests/audit --silent --ignore-scripts --no-audit --no-fund --fetch-retries=1
	@touch $@

lock: ## Rebuild the lock files from pyproject.toml (needs uv)
	uv pip compile pyproject.toml $(LOCK_OPTIONS) --output-file requirements.txt
	uv pip compile pyproject.toml --extra dev --constraints requirements.txt $(LOCK_OPTIONS) --output-file requirements-dev.txt

LOCK_OPTIONS = --quiet --no-header --generate-hashes --no-emit-index-url --universal --python-version 3.11

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "This needs Python 3.11 or newer. If you have it: make PYTHON=python3.11")'
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo "This Python has no venv module. On Debian: apt-get install python3-venv"; exit 1; }
	@echo "==> Creating a virtual environment in .venv"
	@$(PYTHON) -m venv .venv

$(RUNTIME): requirements.txt | .venv/bin/python
	@echo "==> Installing the packages of the site (about ten seconds)"
	@.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.txt
	@touch $@

$(DEVELOPMENT): requirements-dev.txt | .venv/bin/python
	@echo "==> Installing the packages of the site and its tests (about twenty seconds)"
	@.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-dev.txt
	@touch $@
