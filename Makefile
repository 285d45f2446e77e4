# 公衡 Gongheng. `make run` and `make demo` need python3, python3-venv, make and git, and nothing else.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
unexport PYTHONDONTWRITEBYTECODE
export GONGHENG_DATA_DIR ?= $(CURDIR)/var

.PHONY: setup run demo test bench fast lint types check fmt migrate matrix vendor lock dev

setup: .venv/ready

.venv/ready: requirements.lock deploy/tools.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r deploy/tools.lock
	$(BIN)/uv pip sync -q --compile-bytecode --require-hashes requirements.lock deploy/tools.lock
	$(BIN)/uv pip install -q --no-deps --no-build-isolation -e .
	touch $@

run: export GONGHENG_DEMONSTRATION := yes
run: setup
	$(BIN)/gongheng migrate
	$(BIN)/gongheng demo --load
	$(BIN)/gongheng serve --port $(PORT)

demo: setup
	$(BIN)/gongheng demo $(if $(CASE),--case $(CASE)) $(if $(SEED),--seed $(SEED))

migrate: setup
	$(BIN)/gongheng migrate

matrix: setup
	$(BIN)/gongheng matrix

# What tests and benchmarks need besides: Debian's Chromium, PostgreSQL, age, Go, openssl and CJK fonts, and the development lock.
dev: .venv/dev

.venv/dev: .venv/ready requirements-dev.lock deploy/debian.txt deploy/foreign.lock
	sh deploy/debian.sh
	$(BIN)/uv pip sync -q --compile-bytecode --require-hashes requirements-dev.lock deploy/tools.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --ignore-requires-python --require-hashes -r deploy/foreign.lock
	$(BIN)/uv pip install -q --no-deps --no-build-isolation -e .
	touch $@

# Two processes take file after file, the longest first (tests/longest.py), with one order of sets in both, so that they collect the same
# tests. Every branch of every rule is gone through by tests with values alone: those run first, and they alone are measured.
IN_TWO := PYTHONHASHSEED=0 $(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder
RULES := domain oracles kernel
PAGES := browser demo

test: dev lint types
	$(IN_TWO) --cov --cov-report= $(RULES:%=tests/%)
	$(BIN)/coverage report --include='*/domain/*' --fail-under=100 --skip-covered --show-missing
	$(BIN)/coverage report --include='core/kernel/*' --fail-under=95 --skip-covered
	$(IN_TWO) $(patsubst %,--ignore=tests/%,$(RULES) $(PAGES))
	$(IN_TWO) $(PAGES:%=tests/%)

fast: dev
	$(BIN)/pytest tests/domain tests/oracles tests/kernel tests/house -x

lint: dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: dev
	$(BIN)/mypy

check: setup
	$(BIN)/gongheng check

fmt: dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix-only .

bench: dev
	$(BIN)/python -m bench

vendor:
	$(BIN)/python deploy/vendor.py

lock:
	$(BIN)/uv pip compile -q --no-header --no-emit-index-url --generate-hashes -p 3.11 pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --no-header --no-emit-index-url --generate-hashes -p 3.11 --extra dev pyproject.toml -c requirements.lock -o requirements-dev.lock
	$(BIN)/uv pip compile -q --no-header --no-emit-index-url --generate-hashes -p 3.11 deploy/tools.in -o deploy/tools.lock
