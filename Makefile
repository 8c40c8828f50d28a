# The loop. `make` alone says what there is.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help demo dev quick fix test lint test-sqlite test-postgresql bench clean

bin := .venv/bin
PORT ?= 8000
T ?= tests
# One process more than two cores: the one that drives a browser mostly waits.
pytest := $(bin)/python -m pytest -n 3 --dist loadgroup -q

help:
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-16s %s\n", $$1, $$2}' Makefile

demo: .venv/.runtime .venv/.fonts ## Serve the demo community on http://127.0.0.1:8000 (PORT=)
	@MINGA_HOME=.demo MINGA_URL=http://127.0.0.1:$(PORT) exec $(bin)/python -m minga demo --port $(PORT)

dev: .venv/.dev .venv/.fonts ## The same, reloading on change
	@MINGA_HOME=.demo MINGA_URL=http://127.0.0.1:$(PORT) exec $(bin)/python -m minga demo --port $(PORT) --reload

quick: .venv/.dev ## Test one corner: make quick T=tests/core
	@$(bin)/python -m pytest -q -m "not slow" $(T)

fix: .venv/.dev ## Format and sort
	@$(bin)/ruff format .
	@$(bin)/ruff check --fix .

test: lint test-sqlite test-postgresql ## All that CI runs: format, lint, types, rooms, migrations, tests, docs

lint: .venv/.dev
	$(bin)/ruff format --check .
	$(bin)/ruff check .
	$(bin)/mypy
	$(bin)/lint-imports
	MINGA_HOME=.state/lint $(bin)/django-admin makemigrations --check --dry-run --settings minga.config.settings

test-sqlite: .venv/.dev
	$(pytest) --doctest-glob "*.md" tests docs README.md

# Core and the house itself never touch a database: once is enough. Tests take back what they
# write: a vacuum in between would tell the planner that tables are empty while one of them is full.
test-postgresql: .venv/.dev
	.ci/postgresql -c autovacuum=off $(pytest) -m "not browser" --ignore tests/core --ignore tests/architecture tests

# On SQLite and, in a private server of its own, on PostgreSQL.
bench: .venv/.bench ## The benchmarks, beside their peers
	@.ci/postgresql $(bin)/python -m bench

clean: ## Forget the demo and every cache; .venv stays
	@rm -rf .demo .state .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

.venv/.runtime: requirements.lock pyproject.toml
	@.ci/venv runtime

.venv/.dev: requirements-dev.lock pyproject.toml
	@.ci/venv dev

.venv/.bench: requirements-bench.lock pyproject.toml
	@.ci/venv bench

# Pages work without the fonts; who has no npm or no network loses nothing but looks.
.venv/.fonts: minga/web/fonts.json | .venv/.runtime
	@$(bin)/python -m minga.web.fonts || echo "Pages will use the fonts of the system."
	@touch $@
