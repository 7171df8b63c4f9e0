#!/bin/sh
# One command for all checks: quick, all with the end-to-end tests, or what the quick ones cover.
set -eu
run() { echo "== $*"; "$@"; }
run .venv/bin/ruff format --check .
run .venv/bin/ruff check .
run .venv/bin/mypy
run .venv/bin/lint-imports
case $1 in
coverage) run .venv/bin/python -m pytest -q -n auto -m "not e2e" --cov --cov-report=term ;;
*) run .venv/bin/python -m pytest -q -n auto -m "not e2e" ;;
esac
if [ "$1" = all ]; then
    run .venv/bin/python -m pytest -q -m e2e -rR  # tests/conftest.py says which of them get a second try
fi
