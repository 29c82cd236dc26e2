# `make` checks and tests; `make demo` runs a whole study. Both set up what they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
AXE := $(VENV)/share/crosstune/axe
READY := $(VENV)/.ready
LANGUAGES := $(VENV)/.languages

.PHONY: all setup test check format lint types imports unit bench demo clean

all: test

setup: $(READY) $(LANGUAGES)

$(READY): pyproject.toml constraints.txt toolchains/debian.sh tests/report/axe/package-lock.json
	bash toolchains/debian.sh
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[train,api,corpus,html,report,dev]'
	touch $@

# Each language knows what it needs. A language that cannot be judged here does not stop the others.
$(LANGUAGES): $(READY) $(shell find crosstune/languages -type f -not -name '*.pyc')
	$(BIN)/crosstune doctor --install || echo "not every language can be judged here: see above"
	mkdir -p $(AXE)
	cp tests/report/axe/package.json tests/report/axe/package-lock.json $(AXE)/
	if command -v npm >/dev/null; then npm ci --silent --no-audit --no-fund --prefix $(AXE); fi
	touch $@

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: check unit

unit: setup
	bash toolchains/debian.sh tests
	$(BIN)/python -m pytest -n auto --dist worksteal

format: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Compares the judge with running each program by hand (DATA: the folder of HumanEvalPack's files), and mining
# with PyDriller and git (MINE: one or more clones).
DATA ?= $(or $(CROSSTUNE_DATA),../shared/data)/humanevalpack
bench: setup
	bash toolchains/debian.sh bench
	$(BIN)/python -m bench.judging --data $(DATA)
	$(if $(MINE),$(BIN)/python -m bench.mining $(addprefix --repository ,$(MINE)))

demo: setup
	$(BIN)/crosstune study run studies/demo.yaml

clean:
	rm -rf $(VENV) runs build dist .mypy_cache .pytest_cache .ruff_cache
