# Two commands do everything on a machine with Python, a C++ compiler and make:
#   make demo   sets up, runs a part of the main experiment, prints the table, draws the figures
#   make test   sets up, lints, passes the tests (ten minutes)
# make headline runs the whole of it and renews its table and figure in README.md.
# make docs builds the documentation site: build/docs/html/index.html.
# make test-all adds the thorough tests (an hour more): many kills, published targets, ensembles; before a release.
# make bench measures speed, side by side with other simulators; it takes an hour.

PYTHON ?= python3
VENV ?= .venv
BENCH ?= .venv-bench
BIN := $(VENV)/bin

.PHONY: demo headline test test-all test-thorough lint bench clean docs setup setup-dev schema

setup: $(VENV)/.installed
setup-dev: $(VENV)/.installed-dev

$(VENV)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	$(BIN)/unshielded schema > docs/unshielded.schema.json
	@touch $@

# What editors complete and check configs with; again after a change to the model.
schema: $(VENV)/.installed
	$(BIN)/unshielded schema > docs/unshielded.schema.json

$(VENV)/.installed-dev: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@ $(VENV)/.installed-docs

$(VENV)/.installed-docs: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[docs]'
	@touch $@

# Needs no network once the packages are there; a warning is an error.
docs: $(VENV)/.installed-docs
	$(BIN)/python docs/site/build.py build/docs

# A sixth of the main experiment: one seed, three of six levels; the whole is the same without --set.
demo: $(VENV)/.installed
	$(BIN)/unshielded sweep configs/interneuron_loss.yaml --set 'sweep.seeds=[1]' \
		--set 'sweep.grid={circuit.interneuron_loss: [0.0, 0.9, 1.0]}'

# The whole main experiment with its longer control, some hours; then README, figure and table of it.
headline: $(VENV)/.installed
	$(BIN)/unshielded sweep configs/interneuron_loss.yaml
	$(BIN)/unshielded sweep configs/interneuron_loss_control.yaml
	$(BIN)/python docs/headline.py runs

test: lint
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

test-all: test test-thorough

test-thorough: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -m thorough --numprocesses 2 --dist worksteal

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# The other simulators live in an environment of their own.
$(BENCH)/.installed: benchmarks/peers.txt
	$(PYTHON) -m venv $(BENCH)
	$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check --requirement benchmarks/peers.txt
	@touch $@

bench: $(VENV)/.installed-dev $(BENCH)/.installed
	$(BIN)/python benchmarks/against_peers.py --peers $(BENCH)/bin/python
	$(BIN)/python benchmarks/run.py
	$(BIN)/python benchmarks/sweeping.py
	$(BIN)/python benchmarks/floor.py
	$(BIN)/python benchmarks/growth.py
	$(BIN)/python benchmarks/accuracy.py

clean:
	rm -rf $(VENV) $(BENCH) build *.egg-info
