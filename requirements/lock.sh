#!/bin/sh
# Resolve requirements/*.lock from pyproject.toml: lock.sh PYTHON [--upgrade]
#
# One resolution for every lock: the largest comes first and constrains the others. The locks hold versions
# and hashes only, no address of an index and no path of a machine.
set -eu
cd "$(dirname "$0")/.."
python=$1
shift
if "$python" -m uv --version >/dev/null 2>&1; then
    uv="$python -m uv"
elif uv --version >/dev/null 2>&1; then
    uv=uv
else
    echo "make lock needs uv: $python -m pip install uv" >&2
    exit 1
fi
compile() {
    $uv pip compile pyproject.toml --group editable --universal --python-version 3.11 --generate-hashes \
        --no-header --no-annotate --no-emit-index-url --no-emit-find-links --quiet "$@" >/dev/null
}
compile --extra dev -o requirements/dev.lock "$@"
compile --extra test -c requirements/dev.lock -o requirements/test.lock "$@"
compile --extra postgres --extra parquet --extra oidc --extra otel -c requirements/dev.lock -o requirements/server.lock "$@"
compile --extra spark -c requirements/dev.lock -o requirements/spark.lock "$@"
compile --extra postgres -c requirements/dev.lock -o requirements/postgres.lock "$@"
compile -c requirements/dev.lock -o requirements/core.lock "$@"
wc -l requirements/*.lock
