#!/bin/sh
# make_venv.sh PYTHON VENV WHAT WORDS: makes VENV unless it is there, and installs WHAT into it, editable.
# uv does it where it is at hand, plain pip everywhere else.
set -eu
python=$1 venv=$2 what=$3 words=$4
if [ -z "$python" ]; then exit 1; fi
if ! "$venv/bin/python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    printf 'Making %s with %s …\n' "$venv" "$("$python" --version)" >&2
    "$python" -m venv --clear "$venv"
fi
printf 'Installing %s (once; this takes a moment) …\n' "$words" >&2
if command -v uv >/dev/null 2>&1 && uv pip install --quiet --python "$venv/bin/python" --editable "$what" 2>/dev/null; then
    exit 0
fi
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --editable "$what"
