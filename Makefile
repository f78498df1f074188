# MantidHub: `make up` starts it, `make test` tests it, `make help` lists the rest.
PYTHON ?= python3
DEBIAN ?= bookworm
DAEMONS ?= docker docker@trixie docker@testing podman@bookworm podman@trixie podman@testing
BIN := .venv/bin
WORKERS ?= 2
# Whole files, so that what a file has made once is not made twice.
PARALLEL := $(BIN)/pytest -n $(WORKERS) --dist loadfile --durations=10
UP_OPTIONS := $(if $(HOST),--host $(HOST)) $(if $(PORT),--port $(PORT)) $(if $(STATE),--state $(STATE)) $(if $(CONFIG),--config $(CONFIG)) $(ARGS)
RELIABILITY_OPTIONS := $(if $(SEED),--seed $(SEED)) $(if $(TIMES),--times $(TIMES)) $(if $(PEOPLE),--people $(PEOPLE)) $(if $(ENGINE),--engine $(ENGINE)) $(if $(EVENT),--event '$(EVENT)')
UI := $(BIN)/python packages/mantidlab/ui/building.py
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --excludes requirements/excluded.txt --custom-compile-command 'make lock'

.DEFAULT_GOAL := help
.PHONY: help up hub-ready dev-ready ui check test test-unit test-ui test-integration test-browser test-docker test-docker-versions test-image test-network test-reliability docker-image bench-start bench-start-together bench-search bench-plots bench-workspaces lock clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-22s %s\n", $$1, $$2}'

up: hub-ready  ## set up what is missing and start MantidHub (HOST= PORT= STATE= CONFIG=)
	@$(BIN)/mantidhub up $(UP_OPTIONS)

hub-ready:
	@$(PYTHON) tools/bootstrap.py hub

dev-ready:
	@$(PYTHON) tools/bootstrap.py dev

ui: dev-ready  ## build what browsers run (plots, panels), where its sources have changed
	@$(UI) build

check: dev-ready  ## format, lint, types, import rules
	$(BIN)/ruff format --check . && $(BIN)/ruff check .
	$(BIN)/mypy packages/mantidhub/src packages/mantidlab/src
	$(BIN)/lint-imports
	$(UI) check

test: dev-ready  ## every test, all of them whatever fails; says at its end what did
	@rm -f build/failures.txt; failed=; for suite in test-unit test-ui test-integration test-browser; do \
	MANTIDHUB_TEST_FAILURES=$(CURDIR)/build/failures.txt $(MAKE) --no-print-directory $$suite || failed="$$failed $$suite"; done; \
	[ -z "$$failed" ] || { echo; echo "Failed:$$failed"; cat build/failures.txt 2>/dev/null; exit 1; }

test-unit: dev-ready  ## what needs no running platform
	$(PARALLEL) tests/unit

test-ui: dev-ready  ## what browsers run (plots, panels), outside of one
	$(UI) test

test-integration: dev-ready  ## real hub, real edge, both engines; starts a Docker daemon of its own where it can
	@$(PYTHON) tools/docker.py || echo "The Docker engine is NOT tested by what follows; everything else is."
	@$(PYTHON) tools/squid.py || echo "Network policies are NOT tested by what follows; everything else is."
	MANTIDHUB_TEST_ENVIRONMENT=$$(PYTHONPATH=tests $(BIN)/python -m support.environment) $(PARALLEL) tests/integration

test-browser: dev-ready  ## Chromium, as a user would
	@$(PYTHON) tools/chromium.py
	MANTIDHUB_TEST_ENVIRONMENT=$$(PYTHONPATH=tests $(BIN)/python -m support.environment) $(PARALLEL) tests/browser

test-docker: dev-ready  ## the engines alone, and failing where no Docker daemon can be started
	@$(PYTHON) tools/docker.py
	MANTIDHUB_TEST_DOCKER=1 $(BIN)/pytest tests/integration/engines

test-docker-versions: dev-ready  ## the engines with Docker and Podman of several releases of Debian (DAEMONS=)
	@$(PYTHON) tools/docker.py
	@failed=; for daemon in $(DAEMONS); do echo "== $$daemon"; \
	MANTIDHUB_TEST_DOCKER=1 MANTIDHUB_TEST_DAEMON=$$daemon $(BIN)/pytest tests/integration/engines -k 'not sandbox' || failed="$$failed $$daemon"; \
	done; [ -z "$$failed" ] || { echo "Failed with:$$failed"; exit 1; }

test-network: dev-ready  ## what sessions reach, and failing where no squid and no network for tests can be had
	@$(PYTHON) tools/squid.py
	@$(PYTHON) tools/docker.py || echo "Network policies are tested on the sandbox alone."
	MANTIDHUB_TEST_NETWORK=1 $(BIN)/pytest tests/integration/network

test-image: dev-ready  ## build the image that ships from its Dockerfile, with Debian's mirror alone, and work in it
	@$(PYTHON) tools/docker.py
	MANTIDHUB_TEST_DOCKER=1 $(BIN)/pytest tests/image

test-reliability: dev-ready  ## the kill table, both engines; hours (TIMES= SEED= PEOPLE= ENGINE= EVENT=); writes build/reliability.json
	@[ "$(ENGINE)" = sandbox ] || $(PYTHON) tools/docker.py
	PYTHONPATH=tests $(BIN)/python -m reliability $(RELIABILITY_OPTIONS)

test-attack: dev-ready  ## a hostile person's notebook against a live platform, both engines; writes build/attack.json
	@$(PYTHON) tools/docker.py || echo "The attacks are made on the sandbox alone."
	@$(PYTHON) tools/squid.py || echo "The attacks on what sessions reach are NOT made."
	@$(PYTHON) tools/chromium.py || echo "The attacks by pages are not made."
	$(BIN)/pytest tests/attack

docker-image:  ## the image of sessions in Docker; DEBIAN=bookworm is the release whose Python environments stand on
	docker build $(BUILD_OPTIONS) --build-arg DEBIAN=$(DEBIAN) --tag mantidhub-session:$(DEBIAN) deploy/docker

bench-start: dev-ready  ## time from request to ready, beside a stock JupyterHub; writes build/bench/start.json
	PYTHONPATH=tests $(BIN)/python benchmarks/start.py

bench-start-together: dev-ready  ## ten starts at once beside one by one, both engines; writes build/bench/start-together.json
	@$(PYTHON) tools/docker.py || echo "The sandbox is measured alone."
	PYTHONPATH=tests $(BIN)/python benchmarks/start_together.py

bench-search: dev-ready  ## how quick and how forgiving search is; writes build/bench/search.json
	MANTIDHUB_TEST_ENVIRONMENT=$$(PYTHONPATH=tests $(BIN)/python -m support.environment) PYTHONPATH=tests $(BIN)/python benchmarks/search.py

bench-plots: dev-ready  ## plots of large data in Chromium, beside ipympl, plopp and plotly (ARGS=); writes build/bench/plots.json
	@$(PYTHON) tools/chromium.py
	PYTHONPATH=tests $(BIN)/python benchmarks/plots.py $(ARGS)

bench-workspaces: dev-ready  ## what the live list of workspaces costs a script; writes build/bench/workspaces.json
	MANTIDHUB_TEST_ENVIRONMENT=$$(PYTHONPATH=tests $(BIN)/python -m support.environment) $(BIN)/python benchmarks/workspaces.py $(ARGS)

lock: hub-ready  ## compile the locks anew
	$(COMPILE) requirements/hub.in -o requirements/hub.txt
	$(COMPILE) requirements/dev.in -o requirements/dev.txt
	$(BIN)/mantidhub environment lock scipp
	$(COMPILE) packages/mantidlab/ui/node.in -o packages/mantidlab/ui/node.txt

clean:  ## remove the virtual environment and what was built (not .mantidhub, which holds people's homes)
	rm -rf .venv build
