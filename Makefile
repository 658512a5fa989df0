# Everything a newcomer needs: `make demo` and `make test`. The first use makes the virtual environment.

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help demo install run test fuzz torture lint fmt bench lock sbom audit screenshots clean

help: ## list what can be made
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 20

demo: .venv/ready-to-run ## live one day of a compliance programme in the browser; RESET=1 starts again, PORT=8800 serves it elsewhere
	@$(BIN)/deskaudit demo $(if $(RESET),--reset) $(if $(PORT),--port $(PORT))

install: .venv/ready-to-run ## make the virtual environment with what the bot needs

run: .venv/ready-to-run ## run the bot against a real workspace; settings as in docs/administrator.md
	@$(BIN)/deskaudit run

test: .venv/ready-to-develop ## run every test, on SQLite and on a real PostgreSQL, folder and S3
	@$(BIN)/python -m pytest $(or $(ARGS),$(SIDE_BY_SIDE))

fuzz: .venv/ready-to-develop ## send ten thousand odd requests of each kind to the port
	@$(BIN)/python -m pytest tests/bot/test_fuzz.py --fuzz 10000 $(or $(ARGS),$(SIDE_BY_SIDE))

torture: .venv/ready-to-develop ## kill, freeze and starve the running bot for a quarter of an hour, and say what was lost
	@$(BIN)/python -m tests.torture $(or $(ARGS),--database postgres --replicas 2 --kills 60 --seconds 900)

lint: .venv/ready-to-develop ## check style, types, floors and dependencies
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/deptry .

fmt: .venv/ready-to-develop ## put the code into shape
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: .venv/ready-to-develop ## measure; prints ratios against the bare alternative
	@$(BIN)/python -m benchmarks.interactions
	@$(BIN)/python -m benchmarks.interviews
	@$(BIN)/python -m benchmarks.page
	@$(BIN)/python -m benchmarks.planning
	@$(BIN)/python -m benchmarks.planning --postgres
	@$(BIN)/python -m benchmarks.delivery
	@$(BIN)/python -m benchmarks.replicas
	@$(BIN)/python -m benchmarks.outbox
	@$(BIN)/python -m benchmarks.soak
	@$(BIN)/python -m benchmarks.ingest
	@$(BIN)/python -m benchmarks.pack

screenshots: .venv/ready-to-develop ## play the day and take the pictures of docs/images (needs Chromium)
	@$(BIN)/python -m docs.screenshots

lock: .venv/ready-to-develop ## resolve the dependencies anew, with hashes and without the name of any index
	@echo 'setuptools>=77' | $(BIN)/uv pip compile - $(LOCK) -o locks/build.txt
	@$(BIN)/uv pip compile pyproject.toml $(LOCK) -o locks/run.txt
	@$(BIN)/uv pip compile pyproject.toml --extra tracing $(LOCK) -o locks/tracing.txt
	@$(BIN)/uv pip compile pyproject.toml --extra dev $(LOCK) -o locks/dev.txt

sbom: .venv/ready-to-develop ## list every package of the bot as CycloneDX in var/sbom.json (needs a network)
	@mkdir -p var
	@$(TOOL) 'cyclonedx-bom>=7,<8' cyclonedx-py requirements locks/run.txt --output-reproducible --output-file var/sbom.json \
		|| { echo "No list was made. It needs a network, to fetch the tool that writes it: see above."; exit 1; }
	@echo "var/sbom.json lists every package the bot is made of, with its hashes."

audit: .venv/ready-to-develop ## look for known weaknesses in the bot's packages (needs a network)
	@$(TOOL) 'pip-audit>=2.9,<3' pip-audit --strict --disable-pip --require-hashes --requirement locks/run.txt \
		|| { echo "A weakness is known, or nobody could be asked: it needs a network. See above."; exit 1; }

# Fetched when they are used, and into a place of their own: neither the bot nor its tests need them.
TOOL := $(BIN)/uv tool run --quiet --from

# Every core takes tests; a part that was asked for by ARGS is quicker alone.
SIDE_BY_SIDE := -n auto --dist worksteal

LOCK := --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet

clean: ## forget the virtual environment and the demo's data
	rm -rf .venv var

.venv/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Deskaudit needs Python 3.11 or later; name one with make PYTHON=python3.11")'
	@echo "Making the virtual environment …"
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/ready-to-run: .venv/made locks/run.txt locks/build.txt pyproject.toml
	@test -e .venv/ready-to-develop || { echo "Installing what the bot needs …"; $(PIP) install --require-hashes -r locks/run.txt; }
	@$(PIP) install --require-hashes -r locks/build.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

.venv/ready-to-develop: .venv/made locks/dev.txt locks/build.txt pyproject.toml
	@echo "Installing what the tests need …"
	@$(PIP) install --require-hashes -r locks/dev.txt
	@$(PIP) install --require-hashes -r locks/build.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@ .venv/ready-to-run
