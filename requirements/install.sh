#!/bin/sh
# Install one lock and the working tree itself into an environment: install.sh FOLDER core|postgres|server|spark|test|dev
#
# PYTHON names an interpreter; without it the newest suitable one on the path is taken.
# UV=no keeps to pip. What is installed already and not in the lock stays.
set -eu
cd "$(dirname "$0")/.."
folder=$1
lock=requirements/$2.lock
# A name on the path may be an empty shim, or a Python that cannot make environments: try, do not trust.
suitable='import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))'

find_python() {
    for name in ${PYTHON:-python3.13 python3.12 python3.11 python3 python}; do
        if "$name" -c "$suitable" >/dev/null 2>&1; then
            echo "$name"
            return
        fi
    done
    echo "No suitable Python: looked for ${PYTHON:-python3.13, python3.12, python3.11, python3 and python} on the path." >&2
    echo "Version 3.11 or newer with its venv module is needed (Debian and Ubuntu: apt install python3-venv)." >&2
    echo "Name one with: make PYTHON=/path/to/python3 ..." >&2
    exit 1
}

find_uv() {
    if [ "${UV:-}" = no ]; then
        return
    fi
    for command in uv "$folder/bin/python -m uv" "${PYTHON:-python3} -m uv"; do
        if $command --version >/dev/null 2>&1; then
            echo "$command"
            return
        fi
    done
}

with_uv() {
    $uv pip install --quiet --python "$folder/bin/python" --require-hashes -r "$lock" &&
        $uv pip install --quiet --python "$folder/bin/python" --no-deps --no-build-isolation -e .
}

with_pip() {
    pip="$folder/bin/python -m pip --disable-pip-version-check -qq install"
    $pip --require-hashes -r "$lock" && $pip --no-deps --no-build-isolation -e .
}

if ! "$folder/bin/python" -c "$suitable; import pip" >/dev/null 2>&1; then
    python=$(find_python)
    echo "Making $folder with $("$python" --version)" >&2
    "$python" -m venv --clear "$folder"
fi
uv=$(find_uv)
if [ -n "$uv" ]; then
    echo "Installing $lock with uv" >&2
    with_uv && exit
    # An index configured for pip only is unknown to uv.
    echo "uv could not; once more with pip" >&2
fi
echo "Installing $lock with pip (the first time takes about half a minute)" >&2
with_pip
