# Every daily command. `make` alone lists them.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help run test check attack bench screens lighthouse fmt lock migrations migrate openapi messages shell backup restore stop clean

VENV := .venv
PY := $(VENV)/bin/python
READY := $(VENV)/.ready
DEV := $(PY) -m paspor.dev
# The servers of `make run`, and empty ones of their own.
WITH := $(DEV) with --
WITH_EMPTY := $(DEV) with --test --
# Empty ones whose commits are on the disk, as in production.
WITH_SAFE := $(DEV) with --bench --

# The first Python that is new enough; `make PYTHON=/path/to/python3.13 …` names another.
PYTHON ?= $(shell for p in python3.13 python3 python /usr/bin/python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 13))' >/dev/null 2>&1 && echo $$p && break; done)

# What a production machine would say, for the deploy check.
LIKE_PRODUCTION := env -u PASPOR_DEMO -u DEBUG SITE_URL=https://paspor.example ALLOWED_HOSTS=paspor.example \
	EMAIL_HOST=mail.paspor.example DEFAULT_FROM_EMAIL=paspor@paspor.example \
	BOUNCE_ADDRESS=bounces@paspor.example DKIM_KEY="$$($(PY) manage.py make_dkim_key --bare)" REGISTRY_URL=https://registry.example

help: ## list these targets
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sort | sed -E 's/^([a-z]+):.*## /  make \1 \t/' | expand -t 20

run: $(READY) ## set everything up and run the portal until Ctrl-C (PORT=8000)
	@PORT='$(PORT)' exec $(DEV) run

test: $(READY) ## run the whole suite on servers of its own (ARGS= is handed to pytest)
	@exec $(DEV) test -- $(ARGS)

check: $(READY) ## lint, format, settings, migrations and the API's schema
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	@exec $(WITH_EMPTY) $(MAKE) --no-print-directory check-portal

.PHONY: check-portal
check-portal:
	$(PY) manage.py check
	$(LIKE_PRODUCTION) $(PY) manage.py check --deploy --fail-level WARNING
	$(PY) manage.py makemigrations --check --dry-run
	$(PY) manage.py spectacular --validate --fail-on-warn --file $(VENV)/openapi.yaml
	@cmp -s $(VENV)/openapi.yaml docs/openapi.yaml || { \
		echo "docs/openapi.yaml is not what the code says: run make openapi and look at the difference." >&2; exit 1; }

attack: $(READY) ## play the attacks of 2017 and others (ARGS="--scale 0.05 2017")
	@exec $(WITH_EMPTY) $(PY) -m tests.attack $(ARGS)

bench: $(READY) ## measure the portal (ROWS="echo book-hot", QUICK=1, DATA=national)
	@exec $(WITH_SAFE) $(PY) -m tests.bench $(if $(QUICK),--quick) $(if $(filter national,$(DATA)),--past=1000000) $(ARGS) $(ROWS)

screens: $(READY) ## open every page in every look, and write docs/screens.md (ARGS="beranda kantor")
	@exec $(WITH_EMPTY) $(PY) -m tests.screens $(ARGS)

lighthouse: $(READY) ## rate the citizen's pages with Lighthouse, which npm installs under .local (ARGS="--runs 1 beranda")
	@exec $(WITH_EMPTY) $(PY) -m tests.lighthouse $(ARGS)

fmt: $(READY) ## mend what the linter can, and format
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

lock: $(READY) ## write both requirements files anew from pyproject.toml
	$(call compile,requirements.txt,)
	$(call compile,requirements-dev.txt,--group dev)

define compile
$(PY) -m uv pip compile pyproject.toml $(2) --python-version 3.13 --universal --generate-hashes \
	--no-emit-index-url --no-emit-find-links -q -o $(1) --custom-compile-command "make lock"
endef

migrations: $(READY) ## make migrations for changed models (ARGS="queueing --name what_it_means")
	@exec $(WITH_EMPTY) $(PY) manage.py makemigrations $(ARGS)

migrate: $(READY) ## bring the database of `make run` up to date
	@exec $(WITH) $(PY) manage.py upgrade_database

openapi: $(READY) ## write docs/openapi.yaml
	@exec $(WITH_EMPTY) $(PY) manage.py spectacular --validate --fail-on-warn --file docs/openapi.yaml

messages: $(READY) ## collect the texts to translate into the catalogues
	@exec $(WITH_EMPTY) $(PY) manage.py collect_messages

shell: $(READY) ## a Python shell with the models, on the database of `make run`
	@exec $(WITH) $(PY) manage.py shell

backup: $(READY) ## write the whole database to FILE=
	@test -n '$(FILE)' || { echo "Which file? make backup FILE=paspor.dump" >&2; exit 2; }
	@exec $(DEV) backup '$(FILE)'

restore: $(READY) ## replace the database by what FILE= holds, all or nothing
	@test -n '$(FILE)' || { echo "Which file? make restore FILE=paspor.dump" >&2; exit 2; }
	@exec $(DEV) restore '$(FILE)'

stop: $(READY) ## stop the portal and whatever a killed one has left
	@exec $(DEV) stop

clean: $(READY) ## stop, and throw away the data of `make run`, caches and what was generated
	@$(DEV) clean
	@rm -rf staticfiles .pytest_cache .ruff_cache .hypothesis $(VENV)/openapi.yaml
	@find . -path ./$(VENV) -prune -o \( -name __pycache__ -o -name '*.mo' \) -print | xargs rm -rf

$(READY): requirements-dev.txt
	@if [ -z '$(PYTHON)' ] || ! '$(PYTHON)' -c 'import sys; sys.exit(sys.version_info < (3, 13))' 2>/dev/null; then \
		echo "Paspor needs Python 3.13 or newer: get it with 'pyenv install 3.13' or 'apt-get install python3.13-venv', or name one with 'make PYTHON=/path/to/python3.13 …'." >&2; exit 2; fi
	@$(PY) -c 'import sys; sys.exit(sys.version_info < (3, 13))' 2>/dev/null || { \
		echo "Making $(VENV) with $$('$(PYTHON)' --version)"; '$(PYTHON)' -m venv --clear $(VENV); } || { \
		echo "The virtual environment cannot be made: 'apt-get install python3-venv' brings what Debian leaves out." >&2; exit 2; }
	@echo "Installing the locked packages"
	@$(PY) -m pip install -q -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@
