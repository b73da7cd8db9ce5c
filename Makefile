# Each target can be the first command in a fresh clone. ARGS passes options on: make lab ARGS="--no-browser --port 8890"
ARGS ?=
PYTHON ?=
export PYTHON

VENV := .venv
READY := $(VENV)/ready
RUN := $(VENV)/bin/python -m
COMPILE := uv pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-annotate --no-header pyproject.toml --extra reports \
	--extra engine --extra dev

.PHONY: help setup lab test test-all lint house index render notebooks words data bench engines docs release lock

help: ## Say what each target does
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY) ## Make the virtual environment .venv from the lock file

$(READY): requirements.lock pyproject.toml
	@sh scripts/setup $(VENV) requirements.lock

lab: setup ## Open the notebooks in JupyterLab
	$(VENV)/bin/hmip lab notebooks $(ARGS)

ifdef ROOM
test: setup
	@paths=$$($(VENV)/bin/python scripts/rooms.py $(ROOM)) && $(RUN) pytest -n auto --dist loadfile $$paths $(ARGS)
else
test: lint house ## Check everything: style, types, unit tests, examples, notebooks, browser; ROOM=findings: a room
	@sh scripts/system-package chromium "The browser tests need Chromium, and none was found." \
		chromium chromium-browser google-chrome
	$(RUN) pytest -n auto --dist loadfile --no-loadscope-reorder --nbval tests hmip_kit notebooks $(ARGS)
endif

test-all: test ## What takes longer, before a merge: more audits attacked, more files damaged, Firefox
	@sh scripts/system-package firefox-esr "The longer browser tests need Firefox, and none was found." \
		firefox-esr firefox
	$(RUN) pytest -n auto -m slow tests $(ARGS)

lint: setup ## Check style and types
	$(RUN) ruff check .
	$(RUN) ruff format --check .
	$(RUN) mypy
	$(VENV)/bin/oxlint hmip_kit/front bench
	$(VENV)/bin/oxfmt --check hmip_kit/front bench/*.js

house: setup ## Print the figures of the house, and fail where one is over its limit
	$(VENV)/bin/python scripts/house.py

index: setup ## Write the index of findings again, after one was added or declared otherwise
	$(VENV)/bin/python scripts/findings_index.py

render: setup ## Write each notebook as one page that needs no network, into rendered/
	$(VENV)/bin/hmip render --out rendered $(ARGS)

notebooks: setup ## Run the notebooks in place and store what they show
	$(VENV)/bin/python scripts/notebooks.py notebooks/*.ipynb

words: setup ## Write every word that findings show, to be read: docs/words.md and build/sizes.md
	$(VENV)/bin/python scripts/words.py

data: setup ## Write the practice cases and the data package again; the same bytes come out
	$(VENV)/bin/python scripts/practice.py
	$(VENV)/bin/python scripts/datapackage.py

bench: $(VENV)/bench/ready ## Measure speed and size beside other tools, in an environment of its own
	@for measure in bench/bench_*.py; do echo "$$measure"; $(VENV)/bench/bin/python "$$measure" || exit 1; done

$(VENV)/bench/ready: $(READY) requirements-bench.lock
	@sh scripts/setup $(VENV)/bench requirements-bench.lock

engines: $(VENV)/engines/ready ## Count the same cases in memory, in DuckDB and in real Spark: minutes
	HMIP_ENGINES=1 $(VENV)/engines/bin/python -m pytest tests/test_engine.py -s $(ARGS)

$(VENV)/engines/ready: $(READY) requirements-engines.lock
	@sh scripts/engines
	@sh scripts/setup $(VENV)/engines requirements-engines.lock

docs: $(VENV)/docs/ready ## Build the documentation site into build/docs; it needs no network
	$(VENV)/docs/bin/python -m sphinx --nitpicky --fail-on-warning --keep-going --fresh-env --quiet docs build/docs $(ARGS)
	$(VENV)/bin/hmip render --out build/docs/demonstration
	$(VENV)/bin/python scripts/site_links.py build/docs

$(VENV)/docs/ready: $(READY) requirements-docs.lock
	@sh scripts/setup $(VENV)/docs requirements-docs.lock

release: setup ## Build wheel and source archive, and try each alone: all of a release but its upload
	$(VENV)/bin/python scripts/release.py $(ARGS)

lock: ## Choose versions again; needs uv
	$(COMPILE) --output-file requirements.lock $(ARGS)
	$(COMPILE) --extra bench --constraint requirements.lock --output-file requirements-bench.lock
	$(COMPILE) --extra spark --constraint requirements.lock --output-file requirements-engines.lock
	$(COMPILE) --extra docs --constraint requirements.lock --output-file requirements-docs.lock
