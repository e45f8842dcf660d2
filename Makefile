# Two commands do all the set-up: `make demo` and `make test`. `make help` lists the rest.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SIZE ?= small
PORT ?= 8000
# Arguments for pytest, for example: make test ARGS="tests/ledger -x"
ARGS ?=

.PHONY: help demo test test-spark check bench venv venv-dev lock messages format clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: venv ## Install, load the demonstration nation, serve it (SIZE=small|national, PORT=8000)
	THUOCDO_HOME=$${THUOCDO_HOME:-var/demo} $(BIN)/thuocdo demo --size $(SIZE) --port $(PORT)

test: venv-dev ## Run every test on SQLite and PostgreSQL, browser journeys where a Chromium is found
	$(BIN)/python -m pytest -n 2 $(ARGS)
	$(BIN)/python -m pytest -n 2 --database postgres $(ARGS) -m "not pure"

test-spark: $(VENV)/spark-installed ## Run feeds on a Spark cluster of three processes of this machine (needs Java 17; fetches 450 MB once)
	$(BIN)/python -m pytest -m spark -p no:randomly tests/feeds_spark

check: venv-dev ## Ruff, mypy --strict, import contracts, migrations, translations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	THUOCDO_HOME=var/check $(BIN)/python -m thuocdo.project.manage makemigrations --check --dry-run
	$(BIN)/python -m thuocdo.project.translations --check

bench: venv-dev ## Run the benchmarks (ROW=P1 for one, SIZE=0.1 for a tenth of the nation)
	$(BIN)/python -m benchmarks

venv: $(VENV)/run-installed ## Create .venv with what running needs; leaves .venv/bin/thuocdo

venv-dev: $(VENV)/dev-installed

$(VENV)/run-installed: requirements/run.txt pyproject.toml hatch_build.py src/thuocdo/locale/en/LC_MESSAGES/django.po
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -c 'import sys; sys.exit("Python 3.11 or newer is needed." if sys.version_info < (3, 11) else 0)'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $@

$(VENV)/dev-installed: $(VENV)/run-installed requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

# Only for the tests on Spark, into the same environment: the versions of everything else are those of dev.txt.
$(VENV)/spark-installed: $(VENV)/dev-installed requirements/spark.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/spark.txt
	@touch $@

lock: ## Pin every dependency with its hashes again (needs uv)
	uv pip compile --universal --python-version 3.11 --fork-strategy fewest --generate-hashes --no-header --no-annotate \
	  -q --extra postgres --extra feeds --group build pyproject.toml -o requirements/run.txt
	uv pip compile --universal --python-version 3.11 --fork-strategy fewest --generate-hashes --no-header --no-annotate \
	  -q -c requirements/run.txt --extra postgres --extra feeds --group build --group test --group check pyproject.toml -o requirements/dev.txt
	uv pip compile --universal --python-version 3.11 --fork-strategy fewest --generate-hashes --no-header --no-annotate \
	  -q -c requirements/dev.txt --extra postgres --extra feeds --extra spark --group build --group test pyproject.toml -o requirements/spark.txt

messages: venv-dev ## Collect new sentences into the English catalogue, where they wait for a translation
	$(BIN)/python -m thuocdo.project.translations

format: venv-dev ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean: ## Remove the environment and local state
	rm -rf $(VENV) var .mypy_cache .ruff_cache .pytest_cache .hypothesis
