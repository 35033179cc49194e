# `make run` and `make test` are all that a fresh machine needs: Python 3.11+, make, a package index.
PYTHON ?= python3
BIN := .venv/bin
RUN := .venv/requirements.stamp
DEV := .venv/requirements-dev.stamp
# One process of tests a core and two more, as many tests wait for a clock; a file stays in one,
# since its fixtures start sites, and the files marked `long` come first.
BESIDE := -n $(shell expr $$(getconf _NPROCESSORS_ONLN) + 2) --dist loadfile --no-loadscope-reorder

.PHONY: help run run-services demo test lint format lock migrate screenshots clean
help:
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

run: $(RUN) ## web, worker and schedule on http://127.0.0.1:8000 (PORT changes it)
	@exec $(BIN)/python manage.py up

run-services: $(RUN) ## the same on PostgreSQL and Redis, on DATABASE_URL and REDIS_URL
	@exec $(BIN)/python manage.py up --services

demo: $(RUN) ## ten days of an invented world in ten minutes, in var/demo (PORT as above)
	@exec $(BIN)/python -m tests.upstream.demo

test: lint ## lint, then every test on the embedded stack and on PostgreSQL (+ Redis where found)
	$(BIN)/python -m pytest $(BESIDE)
	$(BIN)/python -m tests.services $(BIN)/python -m pytest $(BESIDE)

lint: $(DEV) ## ruff, djlint, mypy, migrations, deployment checks
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/mypy .
	$(BIN)/python manage.py makemigrations --check --dry-run
	SITE_URL=https://papers.example EMAIL_URL=smtp://localhost SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))') \
	  $(BIN)/python manage.py check --deploy --fail-level WARNING

format: $(DEV) ## let ruff rewrite what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

migrate: $(RUN) ## bring the database up to date
	$(BIN)/python manage.py migrate

lock: $(DEV) ## resolve requirements*.in into requirements*.txt with hashes
	for list in requirements requirements-dev; do $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
	  --generate-hashes --no-header --no-annotate --no-emit-index-url $$list.in -o $$list.txt; done

screenshots: $(DEV) ## remake the pictures of README and docs/ (needs Chromium)
	DJANGO_SETTINGS_MODULE=hotpapers.settings $(BIN)/python -m tests.browser.screenshots

clean: ## remove the environment and the caches; var/ with its data stays
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; say PYTHON=python3.11 make …" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .venv

$(RUN): requirements.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(DEV): requirements-dev.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@ $(RUN)
