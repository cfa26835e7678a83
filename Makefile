# Everything a newcomer needs: `make run` and `make test`. Nothing is assumed but Debian, Python 3.11 and make.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN_STAMP := $(VENV)/.run-stamp
DEV_STAMP := $(VENV)/.dev-stamp
BENCH_STAMP := $(VENV)/.bench-stamp
FACES_STAMP := $(if $(FACES),$(VENV)/.faces-stamp)
FONT_STAMP := greetings/static/fonts/.stamp
PO := $(wildcard greetings/translations/*/LC_MESSAGES/messages.po)
MO := $(PO:.po=.mo)
PYTEST := $(BIN)/python -m pytest
WORKERS ?= auto

.PHONY: help run demo test test-all test-fast check bench soak system system-bench lock translations messages clean

help:
	@echo "make run           set everything up and start the server (FACES=1: with OpenCV, which proposes covers)"
	@echo "make demo          fill the store with some two hundred greetings"
	@echo "make test          every check and test (make system first brings the servers for the fuller ones)"
	@echo "make test-all      the same and every further combination of language, width and script"
	@echo "make test-fast     the tests that need neither browser nor server"
	@echo "make check         types, style and the walls between rooms only"
	@echo "make bench         the measurements; make bench ONLY=photo a part of them"
	@echo "make soak          long campaigns against a real server; make soak ONLY=stalls one of them"
	@echo "make system        Debian packages for the fuller tests (as root); make system-bench those for the measurements"
	@echo "make messages      bring new sentences into the catalogues; make translations compiles these"
	@echo "make lock          take the newest packages that fit into the locks"
	@echo "make clean         take away what was made here; the data stay"

run: $(RUN_STAMP) $(FACES_STAMP) $(FONT_STAMP) $(MO)
	@$(BIN)/greetings run

demo: $(RUN_STAMP) $(FONT_STAMP) $(MO)
	@$(BIN)/greetings demo

# ---- the environment: from locks whose every file has its digest

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed."; exit 1; }
	@$(PYTHON) -m venv $(VENV) >/dev/null 2>&1 || $(MAKE) --no-print-directory venv-without-pip

# Debian parts venv from Python: without python3-venv a pip that is there anyway lends itself
.PHONY: venv-without-pip
venv-without-pip:
	@rm -rf $(VENV) && $(PYTHON) -m venv --without-pip $(VENV)
	@$(PYTHON) -m pip --version >/dev/null 2>&1 || { rm -rf $(VENV); \
	  echo "Python's venv is not whole on this machine. Please run: apt-get install python3-venv"; exit 1; }
	@$(PYTHON) -m pip --python $(BIN)/python install --quiet --require-hashes -r requirements/pip.txt

$(RUN_STAMP): requirements/build.txt requirements/run.txt pyproject.toml | $(BIN)/python
	@echo "Installing what the program needs (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/build.txt -r requirements/run.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.faces-stamp: requirements/faces.txt $(RUN_STAMP)
	@echo "Installing what finds faces (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/faces.txt
	@touch $@

$(DEV_STAMP): requirements/dev.txt $(RUN_STAMP)
	@echo "Installing what the tests need (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

$(FONT_STAMP): greetings/typefaces/*.py $(RUN_STAMP)
	@$(BIN)/python -m greetings.typefaces greetings/static/fonts
	@touch $@

%.mo: %.po $(RUN_STAMP)
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

$(BENCH_STAMP): requirements/bench.txt $(DEV_STAMP)
	@echo "Installing what the measurements need (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bench.txt
	@touch $@

# ---- tests

test: check
	@$(PYTEST) -n $(WORKERS) --dist worksteal -m "not matrix" tests

test-all: check
	@$(PYTEST) -n $(WORKERS) --dist worksteal tests

test-fast: $(DEV_STAMP) $(FONT_STAMP) $(MO)
	@$(PYTEST) -q -n $(WORKERS) tests/unit tests/web

check: $(DEV_STAMP) $(FONT_STAMP) $(MO)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/djlint --quiet --lint templates

bench: $(BENCH_STAMP) $(FONT_STAMP) $(MO)
	@$(BIN)/python -m tests.bench $(foreach topic,$(ONLY),--only $(topic))

soak: $(DEV_STAMP) $(FONT_STAMP) $(MO)
	@$(BIN)/python -m tests.soak $(foreach campaign,$(ONLY),--only $(campaign))

system:
	apt-get update -qq
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
	  chromium fonts-liberation fonts-noto-core fonts-noto-color-emoji nginx-light poppler-utils postgresql python3-venv
	@echo "And the same Chromium without a window, which is quicker; where there is none, the tests take the other."
	-DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium-headless-shell

system-bench:
	apt-get update -qq
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends libvips-tools nginx-light wrk

# ---- for those who change the program

LOCK := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
  --python-version 3.11 --no-annotate --no-header --upgrade

lock: $(DEV_STAMP)
	$(LOCK) requirements/pip.in --output-file requirements/pip.txt
	$(LOCK) requirements/build.in --output-file requirements/build.txt
	$(LOCK) pyproject.toml --output-file requirements/run.txt
	$(LOCK) pyproject.toml --extra faces --constraint requirements/run.txt --output-file requirements/faces.txt
	$(LOCK) pyproject.toml --extra dev --extra faces --constraint requirements/faces.txt --output-file requirements/dev.txt
	$(LOCK) pyproject.toml --extra bench --constraint requirements/dev.txt --output-file requirements/bench.txt

messages: $(DEV_STAMP)
	@$(BIN)/pybabel --quiet extract --mapping-file babel.cfg --keyword lazy_gettext --keyword npgettext:1c,2,3 \
	  --no-location --sort-output --no-wrap --project greetings --output-file greetings/translations/messages.pot .
	@for language in be ru; do $(BIN)/pybabel --quiet update --no-fuzzy-matching --no-wrap --ignore-obsolete \
	  --input-file greetings/translations/messages.pot --locale $$language \
	  --output-file greetings/translations/$$language/LC_MESSAGES/messages.po; done

translations: $(MO)

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache greetings/static/fonts $(MO)
