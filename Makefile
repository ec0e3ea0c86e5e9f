# The two that matter: `make demo` (try it) and `make test`. Everything else is for who works on it.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
PORTAL := $(BIN)/python -m portal
UV ?= uv

help:  ## this list
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 18

venv:  ## make .venv, or bring it up to date, from the hash-pinned lists (plain pip)
	@$(PYTHON) requirements/venv.py base

venv-demo:
	@$(PYTHON) requirements/venv.py demo

venv-dev:
	@$(PYTHON) requirements/venv.py dev

demo: venv-demo  ## the portal with sample data on this machine; PORT=9000 moves it, RESET=1 starts afresh
	@$(PORTAL) demo $(if $(PORT),--port $(PORT)) $(if $(filter-out 0,$(RESET)),--reset)

test: venv-dev  ## all tests, on a PostgreSQL of their own (or DATABASE_URL)
	@$(BIN)/pytest -n 2 -m "not long and not browser and not saleor" $(ARGS)

test-long: venv-dev  ## the slow ones: many drawn examples, kill after every statement, full catalogue
	@$(BIN)/pytest -m long $(ARGS)

test-browser: venv-dev  ## the pages in a real browser (Debian's chromium, or once: .venv/bin/playwright install chromium)
	@$(BIN)/pytest -m browser -rs $(ARGS)

screenshots: venv-dev  ## a picture of every page at three widths, light and dark, into var/screenshots; ARGS="cart queue"
	@$(BIN)/python -m tests.browser.screenshots $(ARGS)

test-saleor: venv-dev  ## against a real Saleor, which is changed: SALEOR_API_URL, SALEOR_STAFF_EMAIL, SALEOR_STAFF_PASSWORD; commands SALEOR_STOP, SALEOR_START to try it stopped
	@$(BIN)/pytest -m saleor $(ARGS)

record-saleor: venv-dev  ## record the exchanges in tests/engines/cassettes anew, from the same Saleor
	@$(BIN)/pytest tests/engines --record-mode=rewrite $(ARGS)

# What is not translated is a failure; MESSAGES=count only counts it, while you write.
MESSAGES ?= strict
lint: venv-dev  ## ruff, mypy, import contracts, catalogues of languages (none may lack a message; MESSAGES=count while you write)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@DEBUG=1 $(BIN)/mypy .
	@DEBUG=1 $(BIN)/lint-imports
	@DEBUG=1 $(PORTAL) messages --check $(if $(filter strict,$(MESSAGES)),--strict)

messages: venv-dev  ## bring locale/*.po in step with the program, and list all that is missing or wrong
	@DEBUG=1 $(PORTAL) messages --all

stories: venv  ## the nine stories over HTTP against the running demo, or a fresh one
	@$(BIN)/python -m tests.stories $(ARGS)

SEEDS ?= 1 2 3
stories-real: venv  ## the same on the real catalogue, each seed in a demo of its own with parts it drew; SEEDS="1 2 3"
	@$(BIN)/python -m tests.stories $(ARGS) --real --seeds $(SEEDS)

bench: venv-dev  ## ratios against bare SQL on the same tables, as a table and JSON
	@$(BIN)/python -m bench $(ARGS)

requirements:  ## pin requirements/*.in anew (needs uv)
	@for list in build base demo dev; do $(UV) pip compile --universal --generate-hashes --python-version 3.11 --no-emit-index-url \
	  --no-emit-find-links --no-header --no-config $(ARGS) requirements/$$list.in -o requirements/$$list.txt >/dev/null; done

.PHONY: help venv venv-demo venv-dev demo test test-long test-browser test-saleor record-saleor screenshots lint messages stories stories-real bench requirements
