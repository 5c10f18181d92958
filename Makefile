# Needs only make, git and a Python 3.10-3.13; everything else lives in .venv.
.DEFAULT_GOAL := help
.PHONY: help setup up engine test engine-test fuzz lint format bench docs lock clean

VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= 2

# Compiled once for every process, and not beside the sources, whatever the surroundings say: else
# each process that tests and benchmarks start would compile all it imports.
unexport PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX := $(CURDIR)/.cache/bytecode

# The first Python on PATH that is new enough and can make virtual environments.
CAN_SERVE := import ensurepip, sys; sys.exit(not (3, 10) <= sys.version_info[:2] < (3, 14))
ifndef PYTHON
PYTHON := $(shell for p in python3 python3.13 python3.12 python3.11 python3.10 python; do \
	"$$p" -c "$(CAN_SERVE)" >/dev/null 2>&1 && { echo "$$p"; break; }; done)
endif

# What exists of the places that hold code.
CODE := $(wildcard meshkit tools tests benchmarks)

help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Make .venv from requirements.lock, unless it is current (PYTHON=... to choose)
	@$(or $(PYTHON),false) -c "$(CAN_SERVE)" >/dev/null 2>&1 || { \
		echo "setup: no usable Python found: install 3.10 to 3.13 with venv, or name one: make PYTHON=/path/to/python3.12 $(or $(MAKECMDGOALS),setup)" >&2; exit 2; }
	@$(PYTHON) tools/setup_venv.py

up: setup ## Deploy the reference example on the local cloud
	@$(BIN)/meshkit local up examples/shared-mesh

engine: setup ## Find the Pulumi engine for the tests, or build it with Go (4 minutes, once)
	@$(BIN)/python tools/engine/build.py

test: setup engine ## Run the tests (WORKERS=2)
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

engine-test: setup engine ## Run only the tests under the Pulumi engine
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m engine tests/engine

fuzz: setup ## Run the long property tests
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m slow --hypothesis-profile=fuzz

lint: setup ## Check style, format, types and import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(CODE)
	$(BIN)/lint-imports --no-logo

format: setup ## Format the code and mend what can be mended
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup ## Measure against the hand-written ways
	@$(BIN)/python -m benchmarks

docs: setup ## Build the documentation, warnings as errors
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

lock: setup ## Resolve pyproject.toml into requirements.lock (UPGRADE=1 for newer versions)
	@$(BIN)/uv pip compile pyproject.toml --all-extras --group dev --universal --python-version 3.10 \
		--generate-hashes --no-emit-index-url --custom-compile-command "make lock" \
		$(if $(UPGRADE),--upgrade) --quiet --output-file requirements.lock

clean: ## Remove what the tools left behind, .venv too
	rm -rf $(VENV) .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache \
		.coverage* dist build site bench-results
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
