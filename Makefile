# Two commands do all the set-up they need: `make learn` and `make test`.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: help learn teach test benchmarks lock clean

help:
	@echo "make learn       set up, then open the course in JupyterLab (in my-course/)"
	@echo "make test        set up, then run every test"
	@echo "make teach       set up, then open JupyterLab with nbgrader's formgrader"
	@echo "make benchmarks  set up, then print the course's speed figures"
	@echo "make lock        resolve the dependencies anew (needs uv)"
	@echo "make clean       remove the environment (my-course/ is kept)"

learn: $(VENV)/.learn
	@$(BIN)/exocourse learn my-course

teach: $(VENV)/.test
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/jupyter lab

test: $(VENV)/.test
	@$(BIN)/python tests/run.py

benchmarks: $(VENV)/.test
	@$(BIN)/python tests/run.py --benchmarks

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "exocourse needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12")'
	@echo "Making the environment $(VENV) ..."
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

$(VENV)/.learn: requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing what the course needs (once, a few minutes) ..."
	@$(PIP_INSTALL) --require-hashes --only-binary :all: -r requirements.lock
	@$(PIP_INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

# The test lock holds everything that the first one holds, at the same versions.
$(VENV)/.test: requirements-test.lock requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing what the tests need (once, a few minutes) ..."
	@$(PIP_INSTALL) --require-hashes --only-binary :all: -r requirements-test.lock
	@$(PIP_INSTALL) --no-deps --no-build-isolation -e .
	@touch $(VENV)/.learn $@

# Universal: one set of versions for Python 3.11 to 3.13 on Linux, macOS and Windows.
UV_COMPILE := uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest \
              --generate-hashes --no-emit-index-url --no-header --no-annotate

lock:
	@printf 'hatchling\neditables\n' > build-requirements.tmp
	@$(UV_COMPILE) --upgrade --extra learn --extra teach --extra test pyproject.toml build-requirements.tmp -o requirements-test.lock
	@sed -n 's/^\([a-z0-9][^ ]*==[^ ]*\).*/\1/p' requirements-test.lock > versions.tmp
	@$(UV_COMPILE) --upgrade --extra learn -c versions.tmp pyproject.toml build-requirements.tmp -o requirements.lock
	@rm -f build-requirements.tmp versions.tmp

clean:
	rm -rf $(VENV) dist test-artefacts
