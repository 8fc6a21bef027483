# Two commands set everything up on a fresh machine: `make demo` (the main job) and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: demo test lint bench fuzz soak docs clean

$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet -e '.[all,dev]'
	touch $(STAMP)

demo: $(STAMP) ## build a sample package and verify it; the last line is the report's path
	$(BIN)/vn-edoc demo

test: $(STAMP) ## all tests
	$(BIN)/python -m pytest -n auto -m "not fuzz and not soak"

lint: $(STAMP) ## ruff and mypy --strict
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(STAMP) ## speed ratios against peers, in one run
	$(BIN)/python -m pip install --quiet -e '.[bench]'
	$(BIN)/python -m benchmarks

docs: $(STAMP) ## the pages of rules, then the site in site/, every link checked
	$(BIN)/vn-edoc rules --markdown > docs/rules.md
	$(BIN)/python -m mkdocs build --strict

fuzz: $(STAMP) ## long random runs, coverage-guided ones where atheris has a wheel
	-$(BIN)/python -m pip install --quiet --only-binary :all: -e '.[fuzz]'
	VN_EDOC_EXAMPLES=new-examples $(BIN)/python -m pytest -n auto -m fuzz

soak: $(STAMP) ## long runs on big inputs
	VN_EDOC_EXAMPLES=new-examples $(BIN)/python -m pytest -m soak

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis dist build site
