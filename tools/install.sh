#!/bin/sh
# Makes .venv with wallctl (editable) and the developers' tools, each in the version that is locked.
set -eu
if ! python3 -m venv --help >/dev/null 2>&1 || ! python3 -c 'import ensurepip' 2>/dev/null; then
    sh tools/system.sh python3-venv
fi
test -x .venv/bin/python || python3 -m venv .venv
echo "installing wallctl into .venv ..."
.venv/bin/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
.venv/bin/python -m compileall -q wallctl benchmarks tests  # a wall starts in half the time
