#!/usr/bin/env bash
# Makes sure that there is a Node.js of 20.19 or newer with npm: the system's, else one from a wheel, kept in .venv/nodejs.
# The Makefile puts .venv/nodejs/bin first on PATH, so that whoever is started later finds the same one.
set -euo pipefail
cd "$(dirname "$0")/.."

venv=${VENV:-.venv}
own=$venv/nodejs
wheel=$own/wheel

is_new_enough() { # node
    "$1" -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' \
        2>/dev/null
}

if command -v npm >/dev/null && command -v node >/dev/null && is_new_enough node; then exit 0; fi
echo "安装 Node.js（本机没有 20.19 以上的；放在 $own，只进行一次）"
mkdir -p "$own/bin"
"$venv/bin/python" -m venv --clear "$wheel"
"$wheel/bin/python" -m pip install -qq --disable-pip-version-check --no-input --root-user-action ignore \
    --require-hashes -r tools/node-requirements.txt || {
    rm -rf "$own"
    echo "不能继续：Node.js 没有装上；请检查网络，或者自己安装 Node.js 20.19 以上" >&2
    exit 1
}
# Only these: the folder is on PATH, and a second python there would be taken for the system's.
for name in node npm npx; do ln -sf "../wheel/bin/$name" "$own/bin/$name"; done
