#!/bin/sh
# One command for all checks: quick, or all of them with the end-to-end tests.
set -eu
run() { echo "== $*"; "$@"; }
run .venv/bin/ruff format --check .
run .venv/bin/ruff check .
run .venv/bin/mypy
run .venv/bin/lint-imports
if [ "$1" = quick ]; then
    run .venv/bin/python -m pytest -q -n auto -m "not e2e"
else
    run .venv/bin/python -m pytest -q -n auto -m "not e2e" --cov --cov-report=term
    run .venv/bin/python -m pytest -q -m e2e -rR  # tests/conftest.py says which of them get a second try
fi
