#!/bin/sh
# Locks the packages that the wall and its developers use, with their hashes, then runs every test with them.
set -eu
python3 -m venv .venv/locking
.venv/locking/bin/pip install --quiet --disable-pip-version-check uv
compile() {
    .venv/locking/bin/uv pip compile --quiet --upgrade --universal --generate-hashes --no-annotate --no-header \
        --all-extras pyproject.toml "$@"
}
compile --output-file requirements/wall.txt
compile --group dev --output-file requirements/dev.txt
rm -rf .venv/locking .venv/.installed
make test
