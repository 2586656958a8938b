# The commands of gridmap. Each one installs what it needs first, and only what is missing.
PORT ?= 8080
HOST ?= 127.0.0.1
JOBS ?= 2
PYTHON := .venv/bin/python
WEB := gridmap/web

.PHONY: help demo test test-pure test-database test-browser test-long check format bench pictures constraints clean

help:  ## Show this list
	@sed -n 's/^\([a-z-]*\):.*##/\1\t/p' Makefile | expand -t 18

demo:  ## Load the five places into the embedded PostGIS and serve http://127.0.0.1:8080
	@.ci/setup run
	@.venv/bin/gridmap demo
	@exec .venv/bin/gridmap serve --host $(HOST) --port $(PORT)

test: test-database test-browser  ## Run every test

# The browser's test plugin and the other tests do not share one process.
test-database:
	@.ci/setup test
	@$(PYTHON) -m pytest -q -n $(JOBS) --dist loadfile -m "not browser and not long"
	@cd $(WEB) && npm run --silent test

test-browser:
	@.ci/setup test
	@$(PYTHON) -m pytest -q -m "browser and not long" tests/web

test-long:  ## Run the long proofs, whose short forms run with every test
	@.ci/setup test
	@$(PYTHON) -m pytest -q --hypothesis-profile=default -m long

test-pure:  ## Run the tests that need no database, in seconds
	@.ci/setup test
	@$(PYTHON) -m pytest -q tests/geometry tests/algorithms

check:  ## Format, lint, types and import contracts
	@.ci/setup test
	.venv/bin/ruff format --check gridmap tests
	.venv/bin/ruff check gridmap tests
	.venv/bin/mypy
	.venv/bin/lint-imports
	cd $(WEB) && npm run --silent check

format:  ## Format the sources
	@.ci/setup test
	.venv/bin/ruff check --fix-only -q gridmap tests
	.venv/bin/ruff format gridmap tests

bench:  ## Print the benchmarks' ratios; BENCH=tiles runs one of them
	@.ci/setup test
	@$(PYTHON) -m tests.benchmarks $(BENCH)

pictures:  ## Make the screenshots of the README again
	@.ci/setup test
	GRIDMAP_TEST_PICTURES=test-results/pictures $(PYTHON) -m pytest -q -m "browser and not long" tests/web
	@for name in $$(grep -o 'docs/pictures/[a-z-]*\.png' README.md | sort -u); do \
	  cp test-results/pictures/$$(basename $$name) $$name; done

constraints:  ## Resolve the versions again
	uv pip compile --universal --python-version 3.11 --no-header --no-annotate -q --upgrade \
	  --all-extras pyproject.toml -o constraints.txt

clean:  ## Remove what was built; the data stays
	rm -rf .venv $(WEB)/dist $(WEB)/node_modules
