# Everything that is done from a shell. GNU Make 3.81 (macOS) is enough.

VENV := .venv
BIN := $(VENV)/bin
PYTHONS := 3.13 3.12 3.11
# The newest supported Python among those on the PATH; one that does not run, as a shim of pyenv may, is passed over.
PYTHON := $(shell for python in $(PYTHONS:%=python%) python3; do \
	if $$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; \
	then echo $$python; break; fi; done)
# Wheels only (no compiler is needed); the lock files name everything, so nothing is resolved. The two that come as source
# alone are plain Python, and only tests need them.
INSTALL := $(BIN)/python -m pip install --disable-pip-version-check --no-input --require-hashes --no-deps \
	--only-binary :all: --no-compile
SOURCES := libhxl,python-io-wrapper
PLATFORMS := x86_64-manylinux_2_28 aarch64-manylinux_2_28 aarch64-apple-darwin
TYPED := accounts audit config core displacement exchange intake regions reports retention roster shelters tests manage.py

.PHONY: help run test check setup setup-dev fix bench bench-identity seed docs messages drill drill-access drill-api drill-canaries drill-client drill-mail lock wheels

help: ## show these lines
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

run: setup ## run the whole service here (PORT=8000 DATA_DIR=var SCENARIO_PEOPLE=121000)
	@$(BIN)/python manage.py up

test: setup-dev ## run every test, against servers that the run starts itself
	@$(BIN)/python -m pytest -q -n 2 --dist worksteal

check: setup-dev ## style, types, direction of imports, migrations, templates, API document
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(TYPED)
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/djlint --lint --quiet .
	$(BIN)/python manage.py spectacular --validate --fail-on-warn --file $(VENV)/openapi.yaml
	diff -u docs/reference/openapi.yaml $(VENV)/openapi.yaml

setup: $(BIN)/python ## make the virtual environment and install the packages of the service
	@cmp -s requirements.lock $(VENV)/installed.lock || { \
		echo "Installing packages: about 300 MB, once."; \
		$(INSTALL) -r requirements.lock && cp requirements.lock $(VENV)/installed.lock; \
	} || { $(NO_PACKAGES); }

setup-dev: $(BIN)/python
	@cmp -s requirements-dev.lock $(VENV)/installed-dev.lock || { \
		echo "Installing packages of the service and of its tests: about 500 MB, once."; \
		$(INSTALL) --no-binary $(SOURCES) -r requirements-dev.lock && cp requirements.lock $(VENV)/installed.lock && \
		cp requirements-dev.lock $(VENV)/installed-dev.lock; \
	} || { $(NO_PACKAGES); }

fix: setup-dev ## put style in order where a program can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup-dev ## time what must be fast, as ratios (see docs/reference/performance.md)
	@$(BIN)/python -m benchmarks

bench-identity: setup-dev ## how well people are told apart: a generated million, and the FEBRL lists
	@$(BIN)/python -m benchmarks identity febrl identity_bulk

seed: setup ## load the scenario into an empty register, without running the service
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py load_scenario kursk-2024 --people $${SCENARIO_PEOPLE:-121000}

docs: setup ## write the generated pages of docs/reference anew
	$(BIN)/python manage.py spectacular --validate --file docs/reference/openapi.yaml
	$(BIN)/python manage.py document_indicators
	$(BIN)/python manage.py document_editions
	$(BIN)/python manage.py document_intake
	$(BIN)/python manage.py document_states
	$(BIN)/python manage.py document_access

messages: setup ## bring new texts of reports into the catalogues of each language, and compile them (needs gettext)
	@command -v msgfmt >/dev/null || { $(NO_GETTEXT); }
	@$(BIN)/python manage.py collect_messages

drill: setup-dev ## slow tests that kill servers and programs
	@$(BIN)/python -m pytest -q tests/drills

drill-mail: setup-dev ## kill workers and their mail server at each point of a mail's way, and print what became of it
	@$(BIN)/python -m pytest -q tests/drills/test_mail.py

drill-access: setup-dev ## ask everything as every role at every place, send every act of the desk, and count what was not expected
	@$(BIN)/python -m pytest -q tests/drills/test_access.py

drill-api: setup-dev ## ask every address of the API what the OpenAPI document allows, as three roles (DRILL_API_EXAMPLES=50)
	@$(BIN)/python -m pytest -q tests/drills/test_api.py

drill-canaries: setup-dev ## send numbers and names that nobody has through every flow, and look for them wherever something is kept
	@$(BIN)/python -m pytest -q tests/drills/canaries

drill-client: setup-dev ## let a program write a client from the OpenAPI document, and a partner's system work with it over HTTP
	@$(BIN)/python -m pytest -q tests/drills/test_client.py

lock: setup-dev ## write the lock files anew after a change of requirements*.txt
	$(COMPILE) --output-file requirements.lock requirements.txt
	$(COMPILE) --constraint requirements.lock --output-file requirements-dev.lock requirements-dev.txt
	@$(MAKE) --no-print-directory wheels

wheels: setup-dev ## ask the index whether it has a wheel of every locked package for each Python and platform
	@for python in $(PYTHONS); do for platform in $(PLATFORMS); do \
		echo "Python $$python, $$platform"; \
		MACOSX_DEPLOYMENT_TARGET=14.0 $(BIN)/uv pip install --dry-run --quiet --require-hashes --no-deps --only-binary :all: \
			--no-binary $(SOURCES) --python-version $$python --python-platform $$platform --target $(VENV)/none \
			-r requirements-dev.lock || exit 1; \
	done; done

COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header

$(BIN)/python:
	@test -n "$(PYTHON)" || { $(NO_PYTHON); }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { $(NO_VENV); }
	@echo "Making a virtual environment with `$(PYTHON) --version`."
	@$(PYTHON) -m venv --clear $(VENV)

# What stops us, each in one sentence.
NO_PYTHON = echo "No Python 3.11, 3.12 or 3.13 is on the PATH: install one, or name it: make PYTHON=/where/it/is/python3.12" >&2; exit 1
NO_VENV = echo "This Python makes no virtual environments: on Debian and Ubuntu install the package python3-venv, then try again." >&2; exit 1
NO_GETTEXT = echo "The programs of GNU gettext are not here: on Debian and Ubuntu install the package gettext, on macOS the formula gettext." >&2; exit 1
NO_PACKAGES = echo "Not all packages could be installed, pip says above why: they exist for Linux and macOS and are fetched from the package index once." >&2; exit 1
