# Needs python3.11 with venv, make, and the package registries; everything else is installed below this folder.
PY ?= $(or $(shell command -v python3.11),python3)
V := .venv/bin
PART ?=
UPGRADE ?=

.PHONY: help run reset test check lint lock fmt hold release clean install install-test

help:
	@echo "make run       everything on this machine, at http://127.0.0.1:8000/ (PORT=…, HOST=…, DEMO=0)"
	@echo "make reset     delete the data of this checkout"
	@echo "make test      all tests"
	@echo "make check     format, lint, types, imports, migrations, translations, then all tests"
	@echo "make fmt       format the code and the templates"
	@echo "make lock      write the locks anew (UPGRADE=--upgrade for newer versions)"
	@echo "make hold PART=worker, make release PART=worker    play the failure of a part of a running product"
	@echo "make clean     remove what was installed and made, but not the data"

# The checks come before the installation: a taken port need not wait for it. A Ctrl-C is held back while Python itself
# starts, for it would answer with a traceback.
CALM := env --block-signal=INT
run:
	@$(CALM) $(PY) -m ops.checks
	@$(CALM) $(PY) -m ops.install run build
	@exec $(CALM) $(V)/python -m ops.serve

reset:
	@$(PY) -m ops.control reset

hold release:
	@$(PY) -m ops.control $@ $(PART)

install:
	@$(PY) -m ops.install run build

install-test:
	@$(PY) -m ops.install run build dev $$($(PY) -m ops.browser purpose)

test: install-test
	@$(V)/python -m ops.vendor
	@$(V)/python -m ops.browser
	@$(V)/python -m pytest -n 2

check: lint test

TEMPLATES = find . -name '*.html' -not -path './.venv/*' -not -path './node_modules/*' -not -path './var/*'

lint: install-test
	@echo "== format" && $(V)/ruff format --check --output-format concise .
	@echo "== lint" && $(V)/ruff check --output-format concise .
	@echo "== templates" && $(TEMPLATES) -print0 | xargs -0 -r $(V)/djade --check --target-version 5.2
	@echo "== types" && $(V)/python -m mypy
	@echo "== imports" && $(V)/lint-imports --no-logo
	@echo "== migrations" && $(V)/python manage.py makemigrations --check --dry-run
	@echo "== translations" && $(V)/python -m ops.catalogue check

fmt: install-test
	@$(V)/ruff check --fix-only .
	@$(V)/ruff format .
	@$(TEMPLATES) -print0 | xargs -0 -r $(V)/djade --target-version 5.2

lock: install
	@$(V)/python -m ops.lock $(UPGRADE)

clean:
	rm -rf .venv node_modules var/vendor var/static .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find locale -name '*.mo' -delete 2>/dev/null || true
