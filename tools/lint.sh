#!/usr/bin/env bash
# Every check that needs no running program. All of them run, so that one look shows everything.
set -uo pipefail
cd "$(dirname "$0")/.."

python=${VENV:-.venv}/bin/python
failed=0
check() { # title command...
    local title=$1
    shift
    echo "$title"
    "$@" || failed=1
}

check "代码检查（ruff）" "$python" -m ruff check --quiet .
check "格式检查（ruff format）" "$python" -m ruff format --check --output-format concise .
check "类型检查（mypy）" "$python" -m mypy --no-error-summary
if [ -d miniprogram_stub/node_modules ]; then
    check "小程序代码检查（eslint）" npm --prefix miniprogram_stub run --silent lint
    check "小程序类型检查（tsc）" npm --prefix miniprogram_stub run --silent types
else
    echo "小程序的检查工具还没有装（make lint 会装），这一项没有查"
fi
exit $failed
