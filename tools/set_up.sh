#!/usr/bin/env bash
# Usage: tools/set_up.sh run|dev
# Makes the virtual environment and installs the locked packages, once for each state of the locks.
set -euo pipefail
cd "$(dirname "$0")/.."

python=${PYTHON:-python3}
venv=${VENV:-.venv}

fail() {
    echo "不能继续：$1" >&2
    exit 1
}

# Two `make` at once (run in one terminal, test in another) take turns.
exec 9>"$venv.lock"
if command -v flock >/dev/null; then flock 9; fi

works() {
    [ -x "$venv/bin/python" ] &&
        "$venv/bin/python" -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

make_venv() {
    command -v "$python" >/dev/null || fail "找不到 $python；请安装 Python 3.11 或更新版本（或用 PYTHON=路径 指定）"
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
        fail "$("$python" --version 2>&1) 太旧，需要 Python 3.11 或更新版本（可用 PYTHON=路径 指定）"
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
            fail "缺少 python3-venv；请先安装：sudo apt-get install python3-venv"
        fi
        echo "安装 python3-venv"
        tools/apt_install.sh python3-venv
    fi
    echo "建立虚拟环境 $venv"
    "$python" -m venv --clear "$venv"
}

install() { # file
    local stamp
    stamp="$venv/.installed-$1-$(sha256sum "$1" | cut -c1-16)"
    [ -e "$stamp" ] && return
    echo "安装 $1 里的依赖（只在它变化后进行一次）"
    "$venv/bin/python" -m pip install -qq --disable-pip-version-check --no-input --root-user-action ignore \
        --require-hashes -r "$1" || fail "依赖没有装上；请检查网络后再试"
    rm -f "$venv/.installed-$1-"*
    touch "$stamp"
}

works || make_venv
install requirements.txt
if [ "${1:-run}" = dev ]; then install requirements-dev.txt; fi
