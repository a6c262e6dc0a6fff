# One environment for everything: .venv, from the hashed lock files.
PYTHON ?= python3
PORT ?= 8000
WORKERS ?= 2
PYTEST ?=

MANAGE = .venv/bin/python manage.py
RUNTIME = .venv/.runtime
DEVELOPMENT = .venv/.development
# Says that the site is tried out on this machine; the environment and .env come first.
TRIAL = TRIAL_ADDRESS=http://127.0.0.1:$(PORT)
SERVER_OPTIONS = --interface wsgi --host 127.0.0.1 --port $(PORT) --workers $(WORKERS) \
	--blocking-threads 4 --respawn-failed-workers --no-ws

.DEFAULT_GOAL := help
.PHONY: help run serve test check lint format screenshots audit lock

help: ## Show the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

run: $(RUNTIME) ## Serve the site with demo stories (SERVER=production: as in production)
ifeq ($(SERVER),production)
	@echo "==> Preparing the database and the demo"
	@$(TRIAL) DEBUG=off $(MANAGE) migrate --verbosity 0
	@$(TRIAL) DEBUG=off $(MANAGE) demo
	@$(TRIAL) exec $(MAKE) --no-print-directory serve
else
	@echo "==> Preparing the database and the demo"
	@$(TRIAL) DEBUG=on $(MANAGE) migrate --verbosity 0
	@$(TRIAL) DEBUG=on $(MANAGE) demo
	@echo "==> Serving on http://127.0.0.1:$(PORT)/; stop with Ctrl-C"
	@$(TRIAL) DEBUG=on exec $(MANAGE) runserver 127.0.0.1:$(PORT)
endif

serve: $(RUNTIME) ## Serve with the production server and settings, without the demo
	@echo "==> Preparing the database and the static files"
	@DEBUG=off $(MANAGE) migrate --verbosity 0
	@DEBUG=off $(MANAGE) collectstatic --noinput --verbosity 0
	@echo "==> Serving on http://127.0.0.1:$(PORT)/ with the production server; stop with Ctrl-C"
	@DEBUG=off exec .venv/bin/granian $(SERVER_OPTIONS) stories_project.wsgi:application

test: $(DEVELOPMENT) ## Run the tests (PYTEST="-k related" narrows them)
	@.venv/bin/python -X dev -m pytest --numprocesses auto $(PYTEST)

check: $(DEVELOPMENT) lint ## Lint, format, migrations, deployment checks and tests
	@echo "==> Missing migrations"
	@DEBUG=on $(MANAGE) makemigrations --check --dry-run
	@echo "==> Deployment checks"
	@DEBUG=off SITE_URL=https://example.org ALLOWED_HOSTS=example.org SECRET_KEY=$$($(PYTHON) -c "import secrets; print(secrets.token_urlsafe(50))") $(MANAGE) check --deploy --fail-level WARNING
	@$(MAKE) --no-print-directory test

lint: $(DEVELOPMENT) ## Lint and check the format
	@echo "==> Lint and format"
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .

format: $(DEVELOPMENT) ## Sort imports and format
	@.venv/bin/ruff check --select I --fix .
	@.venv/bin/ruff format .

screenshots: $(DEVELOPMENT) ## Take the pictures of the guides, and of every page (needs chromium)
	@.venv/bin/python docs/screenshots.py

audit: $(DEVELOPMENT) tests/audit/node_modules ## Let axe, the Nu checker and Lighthouse judge the pages (needs chromium, java, npm)
	@.venv/bin/python tests/audit/audit.py

tests/audit/node_modules: tests/audit/package-lock.json
	@echo "==> Installing what judges the pages"
	@npm ci --prefix tests/audit --silent --ignore-scripts --no-audit --no-fund --fetch-retries=1
	@touch $@

lock: ## Make the lock files anew from pyproject.toml (needs uv)
	uv pip compile pyproject.toml $(LOCK_OPTIONS) --output-file requirements.txt
	uv pip compile pyproject.toml --extra dev --constraints requirements.txt $(LOCK_OPTIONS) --output-file requirements-dev.txt

LOCK_OPTIONS = --quiet --no-header --generate-hashes --no-emit-index-url --universal --python-version 3.11

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; set PYTHON=python3.11")'
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo "Python has no venv here. On Debian: apt-get install python3-venv"; exit 1; }
	@echo "==> Making a virtual environment in .venv"
	@$(PYTHON) -m venv .venv

$(RUNTIME): requirements.txt | .venv/bin/python
	@echo "==> Installing what the site needs (about ten seconds)"
	@.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.txt
	@touch $@

$(DEVELOPMENT): requirements-dev.txt | .venv/bin/python
	@echo "==> Installing what the site and its tests need (about twenty seconds)"
	@.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-dev.txt
	@touch $@
