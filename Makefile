# The verbs of this repository. Everything is installed into .venv from the hash-locked files in requirements/;
# nothing but Python 3.11 or newer and make is needed. Where uv is found it reads the same locks, only faster
# (`make UV=no ...` does without).

.DEFAULT_GOAL := help
SHELL := /bin/sh
.DELETE_ON_ERROR:

PYTHON ?=
UV ?=
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= 2

# `make serve` keeps its hub here, apart from any other hub of this user.
SERVE_DATA ?= var/serve
PORT ?= 8000
SOCIETY ?= 177

.PHONY: help demo test spark serve key lint format check bench screenshots lock wheel clean

help: ## Show what can be done here.
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/.stamp-core ## Load the shipped feeds, link them, print who is to be paid and why.
	@$(BIN)/hub demo

test: $(VENV)/.stamp-test ## Run the whole test suite, on SQLite and on a throw-away PostgreSQL server.
	@$(BIN)/pytest -rs -n $(WORKERS) $(ARGS)

spark: $(VENV)/.stamp-test $(VENV)/.stamp-spark ## Try the matcher on Apache Spark; installs it and a Java, 900 MB.
	@HUB_REQUIRE_SPARK=1 $(BIN)/pytest -rs tests/hub/test_spark_engine.py $(ARGS)

serve: $(VENV)/.stamp-core ## Serve the hub with the demo's feeds on http://127.0.0.1:8000 (PORT=...).
	@mkdir -p $(SERVE_DATA)
	@HUB_DATA_DIR=$(SERVE_DATA) HUB_DATABASE_URL=sqlite:///$(SERVE_DATA)/hub.db; \
	export HUB_DATA_DIR HUB_DATABASE_URL; set -e; \
	$(BIN)/hub db upgrade; \
	if [ ! -f $(SERVE_DATA)/.demo-loaded ]; then \
		$(BIN)/hub demo --keep && touch $(SERVE_DATA)/.demo-loaded; \
	fi; \
	echo "Signing in and calling need an API key: \`make key\` in another terminal makes one for KazAK, SOCIETY=901 for another society."; \
	exec $(BIN)/hub serve --port $(PORT)

key: $(VENV)/.stamp-core ## Make an API key for the hub of `make serve` (SOCIETY=177).
	@HUB_DATA_DIR=$(SERVE_DATA) HUB_DATABASE_URL=sqlite:///$(SERVE_DATA)/hub.db $(BIN)/hub keys create --as $(SOCIETY)

lint: $(VENV)/.stamp-dev ## Check formatting, style, types, the direction of imports, and the house rules.
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -q tests/test_house.py

format: $(VENV)/.stamp-dev ## Format the code and fix what can be fixed by itself.
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

check: lint test ## Everything a change must pass: lint and test.

bench: $(VENV)/.stamp-core ## Run the benchmarks, which print ratios; NAME=matching runs one.
	@status=0; for script in tests/bench/bench_$(or $(NAME),*).py; do \
		echo "== $$script"; $(BIN)/python $$script || status=$$?; \
	done; exit $$status

screenshots: $(VENV)/.stamp-test ## Take the pictures that README and docs show; needs Chromium.
	@PYTHONPATH=tests/support:tests/browser $(BIN)/python tests/browser/take_screenshots.py docs/images

lock: $(VENV)/.stamp-dev ## Resolve the locks again; UPGRADE=1 takes newer versions. Needs uv.
	@requirements/lock.sh "$(BIN)/python" $(if $(UPGRADE),--upgrade)

wheel: $(VENV)/.stamp-core ## Build the wheel into dist/.
	@$(BIN)/python -m hatchling build -t wheel -d dist

clean: ## Remove the environment and everything built; the data of `make serve` in var/ stays.
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find hub parsers matching schemas tests -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp says: this lock is installed. A larger lock contains the smaller ones, so it stamps them too.
$(VENV)/.stamp-core: requirements/core.lock pyproject.toml requirements/install.sh
	@PYTHON="$(PYTHON)" UV="$(UV)" requirements/install.sh $(VENV) core
	@touch $@

$(VENV)/.stamp-test: requirements/test.lock pyproject.toml requirements/install.sh
	@PYTHON="$(PYTHON)" UV="$(UV)" requirements/install.sh $(VENV) test
	@touch $(VENV)/.stamp-core $@

$(VENV)/.stamp-spark: requirements/spark.lock pyproject.toml requirements/install.sh
	@PYTHON="$(PYTHON)" UV="$(UV)" requirements/install.sh $(VENV) spark
	@touch $@

$(VENV)/.stamp-dev: requirements/dev.lock pyproject.toml requirements/install.sh
	@PYTHON="$(PYTHON)" UV="$(UV)" requirements/install.sh $(VENV) dev
	@touch $(VENV)/.stamp-core $(VENV)/.stamp-test $@
