# Two commands are the whole set-up: `make run` and `make test`. Both need Python 3.11 or later, with venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
PIP := $(BIN)/python -m pip --disable-pip-version-check
INSTALL := $(PIP) install --quiet --no-compile --constraint constraints.txt --editable
# On all cores, and without the packages' own tests: pip would compile those too, on one core.
# A file that fails to compile, such as a template, is none that is imported.
PYC := $(BIN)/python -W ignore -m compileall -qq -j 0 -x '[/\\]tests[/\\]' $(VENV) || true
# A file of tests on one worker, which makes what its tests share once: a browser, folders, machine code.
# In the order of tests/support/file_order.py: by itself xdist leaves files of few tests, the slowest, until the end.
PARALLEL := -n auto --dist loadfile --no-loadscope-reorder
SCENARIO := scenarios/white-house-2023.yaml
# Each worker keeps a core busy: further threads of the linear algebra would wait for one in loops.
test test-quick campaign coverage: export OPENBLAS_NUM_THREADS := 1

.PHONY: run lab compile test test-quick campaign coverage lint types format docs pictures reference notebooks mutate clean

run: $(VENV)/.installed
	$(BIN)/sim run $(SCENARIO) --runs 1000

# The notebooks in a browser, with a kernel that has the package; Ctrl-C ends it.
lab: $(VENV)/.installed
	$(PIP) install --quiet --constraint constraints.txt --editable '.[lab]'
	$(BIN)/python -m ipykernel install --sys-prefix --name python3 --display-name "munitions-sim"
	$(BIN)/jupyter lab notebooks $(LAB)

# Once, before the tests' workers would each do it at the same time.
compile: $(VENV)/.installed-dev
	$(BIN)/python -c "import sim; sim.run('$(SCENARIO)', runs=101)"

test: compile
	$(BIN)/python -m pytest $(PARALLEL)

test-quick: compile
	$(BIN)/python -m pytest $(PARALLEL) -m "not slow and not campaign"

# The cases that each run of the tests leaves out, and more examples of each property.
campaign: compile
	$(BIN)/python -m pytest $(PARALLEL) -m campaign
	HYPOTHESIS_PROFILE=campaign $(BIN)/python -m pytest $(PARALLEL) -m "hypothesis and not campaign"

# The same tests as `make test`, and the share of the statements that those not marked slow run.
coverage: compile
	rm -rf .coverage && mkdir .coverage
	$(BIN)/python -m pytest $(PARALLEL) --cov --cov-report=
	$(BIN)/coverage report --skip-covered --sort=miss

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.installed-dev
	$(BIN)/mypy

format: $(VENV)/.installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# With the pictures of the tree: a test draws each again and compares.
docs: $(VENV)/.installed-dev
	$(BIN)/python -m sphinx --quiet --fail-on-warning --keep-going -c docs -b html . docs/_build/html
	@echo "docs/_build/html/index.html"

# Every picture of the documentation, the charts from runs of a shipped scenario: half a minute.
pictures: $(VENV)/.installed
	$(BIN)/python tools/pictures.py
	$(BIN)/python tools/chart_pictures.py

reference: $(VENV)/.installed
	PYTHONPATH=tools $(BIN)/python -m key_reference > docs/keys.md.new
	mv docs/keys.md.new docs/keys.md

notebooks: $(VENV)/.installed-dev
	$(BIN)/python notebooks/execute.py

# For example `make mutate ROOM=study N=40 SEED=2`.
ROOM := units
N := 40
SEED := 1
mutate: $(VENV)/.installed-dev
	$(PIP) install --quiet --constraint constraints.txt --editable '.[mutation]'
	$(BIN)/python tools/mutate.py $(ROOM) --sample $(N) --seed $(SEED)

clean:
	rm -rf $(VENV) runs build dist docs/_build docs/api .coverage .mutation .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed; try make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --quiet --no-compile --constraint constraints.txt --upgrade pip

$(VENV)/.installed: pyproject.toml constraints.txt | $(BIN)/python
	$(INSTALL) '.[notebooks]'
	$(PYC)
	touch $@

$(VENV)/.installed-dev: pyproject.toml constraints.txt | $(BIN)/python
	$(INSTALL) '.[test,lint,docs]'
	$(PYC)
	touch $@
