#!/bin/sh
# One command for all checks: quick ones in a minute, all of them, or how much of the code they cover.
set -eu
unset PYTHONDONTWRITEBYTECODE  # tests that are compiled once are collected in a third of the time
run() { echo "== $*"; "$@"; }
run .venv/bin/ruff format --check .
run .venv/bin/ruff check .
run .venv/bin/mypy
run .venv/bin/lint-imports
once="-p no:rerunfailures"  # end-to-end tests alone are tried again, and asking costs each test a millisecond
case $1 in
quick) run env WALLCTL_EXAMPLES=few .venv/bin/python -m pytest -q -n auto $once -m "not e2e and not slow" ;;
coverage) run .venv/bin/python -m pytest -q -n auto $once -m "not e2e" --cov --cov-report=term ;;
all) run .venv/bin/python -m pytest -q -n auto $once -m "not e2e" ;;
esac
if [ "$1" = all ]; then
    run .venv/bin/python -m pytest -q -n auto --dist loadfile -m "e2e and not real_time"
    run .venv/bin/python -m pytest -q -m "e2e and real_time"  # alone; tests/conftest.py says why
fi
