# The commands of this checkout. `make` alone lists them.
#
# Each first sees to the environment in .venv (tools/set_up.py), which costs a moment once it is made.
# A command's own options go into ARGS:  make test ARGS="tests/console -k cluster"

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help run test check fix bench docs pictures lock set-up

# The first Python that suits: of the versions that are tried and pinned, else whichever is newer.
PYTHON ?= $(shell \
	for tried in "$(CURDIR)/.venv/bin/python" python3 python3.13 python3.12 python3.11 /usr/bin/python3; do \
		"$$tried" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
			2>/dev/null && { command -v "$$tried"; exit; }; done; \
	for tried in python3.14 python3; do \
		"$$tried" -c 'import venv, ensurepip' 2>/dev/null && { command -v "$$tried"; exit; }; done; \
	echo python3)
OURS := .venv/bin/python

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

run: set-up ## Start everything; prints the address and the sample accounts (PORT, TANSIQ_DATA, DATABASE_URL)
	@$(OURS) -m tansiq.console.main run $(ARGS)

test: set-up ## Run every test, on a database of its own, in a real browser where a test needs one
	@$(OURS) tools/run_tests.py $(ARGS)

check: set-up ## Run every check that is no test: format, lint, types, imports, templates, migrations, documents, catalogues
	@$(OURS) tools/run_checks.py $(ARGS)

fix: set-up ## Put right what the checks can put right by themselves
	@$(OURS) tools/run_checks.py --fix $(ARGS)

bench: set-up ## Measure, and print the table of docs/benchmarks.md
	@$(OURS) tools/run_benchmarks.py $(ARGS)

docs: set-up ## Write the generated parts of the documents, and the message catalogues anew
	@$(OURS) tools/write_documents.py $(ARGS)
	@$(OURS) tools/write_catalogues.py $(ARGS)

pictures: set-up ## Take pictures of pages: ARGS="http://localhost:8000 EMAIL PASSWORD /floor/ …"
	@$(OURS) tools/pictures.py $(ARGS)

lock: set-up ## Write requirements.lock anew from pyproject.toml (ARGS="--upgrade" for newer releases)
	@$(OURS) tools/write_locks.py $(ARGS)

set-up: ## Only make the environment
	@exec "$(PYTHON)" tools/set_up.py
