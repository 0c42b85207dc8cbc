#!/usr/bin/env bash
# Usage: tools/apt_install.sh PACKAGE...   As root on Debian and Ubuntu; quiet unless it fails.
set -euo pipefail

log=$(mktemp)
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
if ! { apt-get update && apt-get install -y --no-install-recommends "$@"; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    echo "不能继续：没有装上 $*，原因见上" >&2
    exit 1
fi
