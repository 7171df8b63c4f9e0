#!/bin/sh
# One command for all checks: quick, or all of them with the end-to-end tests.
set -eu
run() { echo "== $*"; "$@"; }
again() {
    run .venv/bin/python -m pytest -q -m e2e --last-failed --last-failed-no-failures none
}
run .venv/bin/ruff format --check .
run .venv/bin/ruff check .
run .venv/bin/mypy
run .venv/bin/lint-imports
if [ "$1" = quick ]; then
    run .venv/bin/python -m pytest -q -m "not e2e"
else
    run .venv/bin/python -m coverage run -m pytest -q -m "not e2e"
    run .venv/bin/python -m coverage report --include='wallctl/model/*' --fail-under=97
    # These hold real time against limits. On a machine that others use, a failure must repeat to count.
    run .venv/bin/python -m pytest -q -m e2e || again || again
fi
