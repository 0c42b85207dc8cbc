# GNU make. Every target sets up what it needs by itself; nothing is installed outside .venv, apart from the system
# packages named in tools/system_packages.sh, which only tests need and only root can add.

SHELL := /bin/bash
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
# The release of the tool that writes the locks; it is installed by `make lock` alone.
UV := uv==0.13.9
export PYTHON VENV
# A Node.js that tools/node.sh brought, where the system has none that is new enough.
export PATH := $(abspath $(VENV))/nodejs/bin:$(PATH)

.PHONY: help run phone serve test drills bench lint lock

help: ## 列出这些命令
	@echo "用法：make 命令"
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r name text; do printf '%-14s %s\n' "$$name" "$$text"; done
	@echo "设置（环境变量）：DATA_DIR 数据目录（var）、PORT 端口（8000）、HOST 地址（127.0.0.1）、BASE_URL 二维码里的网址、PHONE_PORT 预览的端口（PORT+2）"

run: ## 演示：装好依赖，准备数据，启动网页和后台任务；Ctrl-C 停止
	@tools/set_up.sh run
	@exec $(PY) -m backend.supervisor run --die-with-parent

phone: ## 小程序预览：在浏览器里试小程序；需要 Node.js
	@tools/set_up.sh run
	@tools/node_modules.sh
	@exec $(PY) -m miniprogram_stub.preview.server --die-with-parent

serve: ## 正式运行：设置全部来自环境变量，先做启动检查
	@tools/set_up.sh run
	@PRODUCTION=1 exec $(PY) -m backend.supervisor serve --die-with-parent

test: ## 全部检查和测试；缺的系统软件由 root 自动安装
	@tools/set_up.sh dev
	@tools/system_packages.sh
	@tools/node_modules.sh
	@tools/test.sh

drills: ## 完整轮次的断电、抢占和随机输入演练
	@tools/set_up.sh dev
	@tools/system_packages.sh
	@$(PY) -m pytest -m drill --timeout 3600

bench: ## 与同类做法并排的性能测量
	@tools/set_up.sh dev
	@tools/system_packages.sh
	@$(PY) bench/run.py

lint: ## 代码检查、格式检查、类型检查
	@tools/set_up.sh dev
	@tools/node_modules.sh
	@tools/lint.sh

lock: ## 按 requirements*.in 重写 requirements*.txt（联网）
	@tools/set_up.sh run
	@$(PY) -m pip install -qq --disable-pip-version-check "$(UV)"
	@$(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header requirements.in -o requirements.txt
	@$(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header requirements-dev.in -o requirements-dev.txt
	@echo "已重写 requirements.txt 和 requirements-dev.txt"
