# Every recipe finds a Python by itself, makes .venv once, and installs only what it needs.
#   make demo    a sample pull request, roasted in this terminal
#   make test    the tests, on all cores       make check   lint, format, types, import contracts
#   make bench   speed and size, as ratios     make gallery roasts of real pull requests on one page
#   make year    a year of digests in a minute or two, its posts on one page
#   make detector NAME=…   lay out a new detector          make fmt   put the code in order
#   make lines KIND=…      read all lines of a kind, filled with the facts of its cases
#   make site    the dev log, from the sample              make lock  write requirements*.lock anew
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
VENV ?= .venv
BIN := $(VENV)/bin
FIND_PYTHON := sh tools/find_python.sh
LOCK := --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --quiet

.PHONY: help demo test check bench gallery year site detector lines fmt lock clean

help:
	@sed -n 's/^#   //p' Makefile

# What a reader needs, and what a contributor needs: two stamps, so that the demo waits for little.
$(VENV)/.run: pyproject.toml
	@sh tools/make_venv.sh "$$($(FIND_PYTHON))" $(VENV) . "what roast-bot needs"
	@touch $@

$(VENV)/.dev: pyproject.toml
	@sh tools/make_venv.sh "$$($(FIND_PYTHON))" $(VENV) '.[dev]' "what its tests need"
	@touch $@ $(VENV)/.run

year: $(VENV)/.dev
	$(BIN)/python tools/digest_year.py

demo: $(VENV)/.run
	@$(BIN)/python -m bot demo

test: $(VENV)/.dev
	$(BIN)/python -m pytest -n auto --dist worksteal $(PYTEST)

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

fmt: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.dev
	@$(BIN)/python -m tests.benchmarks

gallery: $(VENV)/.dev
	@$(BIN)/python -m tools.gallery $(TARGETS)

site: $(VENV)/.dev
	@$(BIN)/python -m tools.site $(TARGETS)

detector: $(VENV)/.dev
	@$(BIN)/python tools/new_detector.py $(NAME)

lines: $(VENV)/.dev
	@$(BIN)/python tools/lines.py $(KIND)

lock: $(VENV)/.dev
	@$(BIN)/python -m pip install -q uv
	$(BIN)/uv pip compile $(LOCK) --extra all -o requirements.lock pyproject.toml
	$(BIN)/uv pip compile $(LOCK) --extra all --extra dev -o requirements-dev.lock pyproject.toml

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .hypothesis
