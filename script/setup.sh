# Sourced by the scripts beside it: goes to the project's root and prepares .venv.

cd "$(dirname "${BASH_SOURCE[0]}")/.."
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1

find_python() {
    local candidate
    for candidate in python3.11 python3.12 python3.13 python3.14 python3 python; do
        if command -v "$candidate" >/dev/null &&
            "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    echo "Python 3.11 eller nyare med venv saknas (Debian: apt-get install python3 python3-venv)." \
        "/ Python 3.11 or newer with venv is missing." >&2
    return 1
}

# prepare FILE...: create .venv when needed and install the files when their content has changed.
prepare() {
    local python wanted stamp=".venv/installed-$#"
    if [ ! -x .venv/bin/python ]; then
        python=$(find_python) || exit 1
        "$python" -m venv .venv
    fi
    wanted=$(cat "$@" | cksum)
    if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
        echo "Installerar beroenden … / Installing dependencies …" >&2
        local arguments=() file
        for file in "$@"; do arguments+=(-r "$file"); done
        .venv/bin/python -m pip install --quiet "${arguments[@]}"
        echo "$wanted" >"$stamp"
    fi
}
