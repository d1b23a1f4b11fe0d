# Everything that one does with the register from a shell. `make help` lists it.

MAKEFLAGS += --no-print-directory
SHELL := /bin/bash
.DEFAULT_GOAL := help

BIN := .venv/bin
STAMP := .venv/.stamp
# Tried in turn, by running it: a version manager's shim may be there without the Python behind it.
PYTHON ?= $(shell for python in python3.14 python3.13 python3.12 python3.11 python3; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$python; break; }; done)
WORKERS ?= auto
UV ?= uv
COMPILE = $(UV) pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	--fork-strategy fewest --quiet pyproject.toml --extra postgres --extra capture --extra pictures

.PHONY: help env demo test test-slow test-postgres lint format shell diagram openapi bench bench-pages bench-texts pages-check amounts locks clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | while IFS=$$'\t' read -r target what; do \
		printf '  make %-14s %s\n' "$$target" "$$what"; done

env: $(STAMP)  ## make .venv from the hashed lock (any Python from 3.11; PYTHON=... to choose)

$(STAMP): requirements-dev.txt
	@test -n "$(PYTHON)" || { echo "No Python 3.11 or newer found. Install one, or name it: make $(MAKECMDGOALS) PYTHON=/path/to/python3" >&2; exit 1; }
	@$(BIN)/python -c '' 2>/dev/null || "$(PYTHON)" -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

demo: env  ## everything from nothing: database, fixtures, users, server (TEXTS=DIR attaches the articles' texts; ARGS=--port=8001)
	$(BIN)/python manage.py demo $(if $(TEXTS),--texts "$(TEXTS)") $(ARGS)

test: env  ## the test suite, on SQLite (ARGS=... for pytest)
	$(BIN)/python -m pytest -n $(WORKERS) -m "not slow" $(ARGS)

test-slow: env  ## the batteries that take long: axe over all pages, several people in browsers, requests made up by the hundred
	$(BIN)/python -m pytest -n $(WORKERS) -m slow $(ARGS)

test-postgres: env  ## what asks the database, on a private PostgreSQL that comes and goes with it
	$(BIN)/python -m tests.with_postgres $(BIN)/python -m pytest -n $(WORKERS) --only-sql -m "not slow or both" $(ARGS)

# Without a cache: one that an interrupted run left behind makes mypy's Django plugin report errors that are none.
lint: env  ## style, types, floors between the packages, missing migrations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --cache-dir /dev/null
	$(BIN)/lint-imports --no-cache
	DATABASE_URL=sqlite://:memory: $(BIN)/python manage.py makemigrations --check --dry-run

format: env  ## put the code into the one format
	$(BIN)/ruff check --fix --exit-zero .
	$(BIN)/ruff format .

shell: env  ## a Python shell with every model at hand
	$(BIN)/python manage.py shell_plus

# Not drawn: abstract bases, history, and what editors' tools keep for themselves.
UNDRAWN := Historical*,User,Curated,Child,TargetedChild,EntityPair,ChangeLinkedRow,Change,Merge,Duplicate*,CaptureStep,ReadMark,EarlierText,SuggestionDecision

diagram: env  ## draw the models of facts and evidence into docs/model.svg (docs/model.dot without Graphviz)
	@$(BIN)/python manage.py graph_models entities sources --dot --group-models --arrow-shape normal --theme original \
		--rankdir LR --no-inheritance --exclude-models '$(UNDRAWN)' --output docs/model.dot
	@if command -v dot >/dev/null; then dot -Tsvg docs/model.dot -o docs/model.svg && rm docs/model.dot && echo "docs/model.svg"; \
	else echo "docs/model.dot (install Graphviz for a picture: its program dot is missing)"; fi

openapi: env  ## write the OpenAPI document that the API serves into openapi.yaml
	$(BIN)/python manage.py spectacular --validate --fail-on-warn --file openapi.yaml

bench: env  ## measure the API and an ordinary DRF viewset (ARGS=... for the benchmark)
	$(BIN)/python -m benchmarks $(ARGS)

bench-pages: env  ## measure public pages beside the API's answer for one record (ARGS=... for the benchmark)
	$(BIN)/python -m benchmarks.page_rates $(ARGS)

pages-check: env  ## measure all that the public pages promise, over the shipped register; fail if one is missed (ARGS=--only=4,5)
	$(BIN)/python -m tests.pages_check $(ARGS)

bench-texts: env  ## time the reading of long and hostile texts; fail if one takes too long
	$(BIN)/python -m benchmarks.text_processing_times

amounts: env  ## a million generated amounts read: none wrong (ARGS=... for the benchmark)
	$(BIN)/python -m benchmarks.generated_amounts $(ARGS)

locks:  ## compile the hashed locks anew from pyproject.toml (needs uv; UPGRADE=1 takes newer versions)
	@command -v $(UV) >/dev/null || { echo "make locks needs uv: pip install uv, or name it: make locks UV=/path/to/uv" >&2; exit 1; }
	$(COMPILE) $(if $(UPGRADE),--upgrade) -o requirements.txt
	$(COMPILE) $(if $(UPGRADE),--upgrade) --group dev -o requirements-dev.txt

clean:  ## remove the environment and caches; the database stays
	rm -rf .venv .pytest_cache .ruff_cache .mypy_cache .import_linter_cache .hypothesis staticfiles
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
