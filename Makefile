# Every target can be run again at any time; it does only what is missing.
# The steps are in tools/; this file finds a Python for them.
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11 python3.10; do \
	$$name -c 'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo $$name && break; done)
TOOLS = $(if $(PYTHON),$(PYTHON) -m tools,@echo "Python 3.10 to 3.13 is needed. Debian: apt-get install python3 python3-venv" && false)

.DEFAULT_GOAL := help
.PHONY: help demo test test-long start stop lint perf clean install doctor

help: ## Say what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1|/' | column -t -s '|'

demo: ## Review the sample orders: no server, no database, no Frappe
	@$(TOOLS) demo

test: ## Run every test that can run here (ARGS= goes to pytest)
	@$(TOOLS) test -- $(ARGS)

test-long: ## Run what needs size, faults or many minutes (ARGS= goes to pytest)
	@$(TOOLS) test-long -- $(ARGS)

start: ## Run the whole system on this machine
	@$(TOOLS) start

stop: ## Stop what `make start` runs
	@$(TOOLS) stop

lint: ## Check style and types
	@$(TOOLS) lint

perf: ## Measure speed and memory (ARGS= names benchmarks)
	@$(TOOLS) perf -- $(ARGS)

clean: ## Delete what was built; asks before it deletes a site
	@$(TOOLS) clean

install: ## Put the app into another bench: make install BENCH=/path SITE=name
	@$(TOOLS) install -- "$(BENCH)" "$(SITE)"

doctor: ## Check this machine and the versions in use
	@$(TOOLS) doctor
