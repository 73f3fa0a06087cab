# Every target sets up what it needs; CI runs these and nothing else.
PYTHON ?= python3
BIN := .venv/bin
PAGES := compiler/targets/compose/quick_templates.py
export PIP_DISABLE_PIP_VERSION_CHECK := 1
unexport PYTHONDONTWRITEBYTECODE # else every process of the suite compiles the whole program anew

.PHONY: help setup demo test plain slow sequences differential fuzz check e2e bench lock examples docs clean

help: ## what there is
	@grep -E '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: .venv/.ready $(PAGES) ## the environment: pinned dependencies, each with its hash

.venv/.ready: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version.split()[0])'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(PAGES): hatch_build.py $(addprefix compiler/targets/compose/,pages.py precompile.py page_runtime.py) $(shell find templates/compose -type f) | .venv/.ready
	$(BIN)/python -m hatchling build --target wheel --hooks-only
	@touch $@

demo: setup ## compile the first example: what was decided, what was written
	$(BIN)/periplus -C examples/01-gateway plan
	$(BIN)/periplus -C examples/01-gateway compile

test: setup ## the fast suite, no Docker
	$(BIN)/pytest -n auto

plain: setup ## the fast suite with every fast path left out
	PYTHONPATH="$(CURDIR)/tests/plain" $(BIN)/pytest -n auto

slow: setup ## the long tests, no Docker: sequences, merges, crashes, hooks
	$(BIN)/pytest -n auto -m slow

sequences: setup ## 10,000 random sequences of edits, changes and compiles: about an hour
	PERIPLUS_SEQUENCES=10000 $(BIN)/pytest -n auto -m slow tests/update/test_sequences.py

differential: setup ## 100,000 documents through every reader and judge: about half an hour
	PERIPLUS_DOCUMENTS=100000 $(BIN)/pytest -n auto -m slow tests/differential

fuzz: setup ## a million mutants, and 50,000 guided by coverage: some hours, goes on where it was stopped; writes .fuzz/report.md
	$(BIN)/python -m tests.fuzz.run
	$(BIN)/python -m tests.fuzz.guided --folder .fuzz

check: setup ## format, lint, types, import contracts
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy compiler tests
	$(BIN)/lint-imports --no-cache

e2e: setup ## the engine suite: installs and starts what it needs (as root, on Debian)
	tests/engine/setup/engine.sh
	tests/engine/setup/images.sh
	$(BIN)/pytest -m engine tests/engine tests/targets tests/recall -v --durations=15

coverage: setup ## branch coverage of the pure floors, at least 95 %
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -n 0
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report --include='compiler/model/*,compiler/text/*,compiler/spell/*,compiler/passes/*,compiler/rules/*,compiler/targets/*,compiler/ownership/*,compiler/catalog/*,compiler/changes/*,compiler/edits/*' --skip-covered --fail-under=95

bench: setup ## whole processes against their peers, in turn: writes docs/performance.md
	tests/bench/peers.sh
	$(BIN)/python -m tests.bench.bench

lock: setup ## pin the dependencies anew
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --group pyproject.toml:dev pyproject.toml -o requirements.lock

examples: setup ## compile every example again
	for example in examples/*/; do $(BIN)/periplus -C "$$example" compile || exit; done

docs: setup ## write the generated pages of docs/ again
	$(BIN)/python -m tests.docs

clean: ## remove what was set up
	rm -rf .venv .bench .fuzz .pytest_cache .mypy_cache .ruff_cache .hypothesis dist build
