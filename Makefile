# Everyday commands. Each sets up what it needs; `make` alone lists them.
.POSIX:
.PHONY: help setup setup-dev demo run simulate test lint format messages bench e2e guide coverage

help:
	@echo "make demo      a simulated call, whose prompt is published anew while it runs"
	@echo "make run       the server at http://127.0.0.1:8000/ with demo data"
	@echo "make simulate  one simulated call to the running server"
	@echo "make test      the whole test suite (lint, bench, e2e, guide, format, messages, coverage: for developers)"

setup:
	@sh .ci/setup requirements.txt

setup-dev:
	@sh .ci/setup requirements-dev.txt

demo: setup
	@DJANGO_ENV_FILE=/dev/null .venv/bin/python manage.py demo

run: setup
	@sh .ci/serve

simulate: setup
	@.venv/bin/python manage.py simulate_call --business 1 --direction inbound

test: setup-dev
	@echo "Testing on SQLite ..."
	@.venv/bin/python -m pytest
	@echo "Testing on Postgres what depends on the database ..."
	@TEST_DATABASE=postgres .venv/bin/python -m pytest -m both_databases

coverage: setup-dev
	@.venv/bin/python -m coverage run -m pytest
	@.venv/bin/python -m coverage report

lint: setup-dev
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@echo "Checking types ..." && .venv/bin/mypy
	@.venv/bin/lint-imports
	@mkdir -p var
	@DATABASE_URL=sqlite:///var/lint.sqlite3 .venv/bin/python manage.py makemigrations --check --dry-run
	@.venv/bin/python .ci/translations.py

format: setup-dev
	@.venv/bin/ruff format .
	@.venv/bin/ruff check --fix .

messages: setup-dev
	@.venv/bin/python manage.py makemessages --all --no-obsolete --no-wrap --add-location never \
		--ignore 'tests/*' --ignore '.venv/*'

bench: setup-dev
	@.venv/bin/python -m tests.bench
	@.venv/bin/python -m tests.bench.desk
	@.venv/bin/python -m tests.bench.freshness

e2e: setup-dev
	@.venv/bin/python -m pytest -m browser

guide: setup-dev
	@.venv/bin/python -m pytest tests/browser/guide.py
