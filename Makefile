# One environment for everything: .venv, from the hashed lock files.
PYTHON ?= python3
PORT ?= 8000
DATA_DIR ?= var
WORKERS ?= 2
PYTEST ?=
export DATA_DIR

MANAGE = .venv/bin/python manage.py
RUNTIME = .venv/.runtime
DEVELOPMENT = .venv/.development
# What `make run` sets, unless the environment says otherwise.
LOCAL = SITE_URL=$${SITE_URL:-http://127.0.0.1:$(PORT)} ALLOWED_HOSTS=$${ALLOWED_HOSTS:-127.0.0.1,localhost}
SECRET = SECRET_KEY=$${SECRET_KEY:-$$(cat $(DATA_DIR)/secret_key)}

.DEFAULT_GOAL := help
.PHONY: help run test check lint format screenshots audit lock

help: ## Show the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

run: $(RUNTIME) $(DATA_DIR)/secret_key ## Serve the site with demo stories (SERVER=production: as in production)
ifeq ($(SERVER),production)
	@echo "==> Preparing the database, the demo and the static files"
	@$(LOCAL) $(SECRET) DEBUG=off $(MANAGE) migrate --verbosity 0
	@$(LOCAL) $(SECRET) DEBUG=off $(MANAGE) demo
	@$(LOCAL) $(SECRET) DEBUG=off $(MANAGE) collectstatic --noinput --verbosity 0
	@echo "==> Serving on http://127.0.0.1:$(PORT)/ with the production server; stop with Ctrl-C"
	@$(LOCAL) $(SECRET) DEBUG=off exec .venv/bin/granian --interface wsgi --host 127.0.0.1 --port $(PORT) --workers $(WORKERS) --blocking-threads 4 --no-ws stories_project.wsgi:application
else
	@echo "==> Preparing the database and the demo"
	@$(LOCAL) DEBUG=on $(MANAGE) migrate --verbosity 0
	@$(LOCAL) DEBUG=on $(MANAGE) demo
	@echo "==> Serving on http://127.0.0.1:$(PORT)/; stop with Ctrl-C"
	@$(LOCAL) DEBUG=on exec $(MANAGE) runserver 127.0.0.1:$(PORT)
endif

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

$(DATA_DIR)/secret_key: | .venv/bin/python
	@mkdir -p $(DATA_DIR)
	@umask 077 && .venv/bin/python -c 'import secrets; print(secrets.token_urlsafe(50))' > $@
