# Two commands are the whole set-up: `make run` and `make test`. Both need Python 3.11 or later, with venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
# Once, before the tests' workers would each do it at the same time.
COMPILE = $(BIN)/python -c "import sim; sim.run('$(SCENARIO)', runs=101)"
SCENARIO := scenarios/white-house-2023.yaml

.PHONY: run test lint types format reference notebooks clean

run: $(VENV)/.installed
	$(BIN)/sim run $(SCENARIO) --runs 1000

test: $(VENV)/.installed-dev
	$(COMPILE)
	$(BIN)/python -m pytest -n auto

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.installed-dev
	$(BIN)/mypy

format: $(VENV)/.installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

reference: $(VENV)/.installed
	$(BIN)/python -m sim.scenario.reference > docs/keys.md.new
	mv docs/keys.md.new docs/keys.md

notebooks: $(VENV)/.installed-dev
	$(BIN)/python notebooks/execute.py

clean:
	rm -rf $(VENV) runs build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed; try make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) install --quiet --constraint constraints.txt --editable .
	touch $@

$(VENV)/.installed-dev: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) install --quiet --constraint constraints.txt --editable '.[test,lint]'
	touch $@
