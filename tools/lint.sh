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
exit $failed
