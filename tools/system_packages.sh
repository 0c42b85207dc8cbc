#!/usr/bin/env bash
# What tests need from the system: Chromium, Chinese fonts, Redis. Never skipped: installed as root, else asked for.
set -euo pipefail
cd "$(dirname "$0")/.."

missing=()
command -v chromium >/dev/null || missing+=(chromium)
command -v redis-server >/dev/null || missing+=(redis-server)
has_fonts() {
    if command -v dpkg-query >/dev/null; then
        [ "$(dpkg-query -W -f '${db:Status-Status}' fonts-noto-cjk 2>/dev/null)" = installed ]
    else
        fc-list :lang=zh-cn family 2>/dev/null | grep -q .
    fi
}
has_fonts || missing+=(fonts-noto-cjk)

[ ${#missing[@]} = 0 ] && exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "不能继续：测试还需要 ${missing[*]}；请先安装：sudo apt-get install ${missing[*]}" >&2
    exit 1
fi
echo "安装测试要用的 ${missing[*]}"
tools/apt_install.sh "${missing[@]}"
