#!/bin/sh
# Prints the newest Python from 3.11 on that starts and can make a virtual environment.
# A name on the PATH is not enough: a version manager's stand-in may refuse to start.
set -u
for name in ${PYTHON:-} python3.13 python3.12 python3.11 python3 python; do
    found=$(command -v "$name" 2>/dev/null) || continue
    if "$found" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        echo "$found"
        exit 0
    fi
done
echo "roast-bot needs Python 3.11 or newer, with its venv module. Install one, or name it: make PYTHON=/path/to/python …" >&2
exit 1
