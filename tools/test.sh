#!/usr/bin/env bash
# Lint and tests, and one line that says how it went. Usage: tools/test.sh [pytest arguments]
set -uo pipefail
cd "$(dirname "$0")/.."

python=${VENV:-.venv}/bin/python
SECONDS=0
lint=通过 tests=通过
tools/lint.sh || lint=没有通过
echo "测试（pytest）"
# Tests start dozens of processes of ours: without compiled files each compiles everything again.
export PYTHONDONTWRITEBYTECODE=
# Tests write hundreds of small databases and end processes, not the power: memory serves them better than a disk.
folder=$(mktemp -d -p "$(tools/memory_folder.sh)" shouwen-tests-XXXXXX)
trap 'rm -rf "$folder"' EXIT
chmod 711 "$folder" # PostgreSQL does not run as root and has its own folder in it
export TMPDIR=$folder
# Each worker begins with one part in order, so that what tests of a folder share is made once. One worker more than
# cores: a quarter of the time one waits for a killed process, a browser or a server.
"$python" -m pytest -q -n 3 --dist worksteal --basetemp "$folder/run" "$@" || tests=没有通过

echo
echo "代码和类型检查：$lint；测试：$tests；用时 $((SECONDS / 60)) 分 $((SECONDS % 60)) 秒"
[ "$lint$tests" = 通过通过 ]
