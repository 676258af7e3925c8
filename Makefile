# make setup   install everything into .venv and compile the optimizer once
# make run     plan the sample day of Kalletal and serve the board on 127.0.0.1:8000
# make test    format, lint, types, import contracts, all tests, Chromium included
# make lock    resolve the dependencies anew

PYTHON ?= python3
BIN := .venv/bin
KERNELS := $(wildcard scheduler/optimizer/*.py)
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --no-deps --require-hashes

# Kept whatever the environment says: without bytecode each start takes three times as long.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: setup run test lock clean
.DELETE_ON_ERROR:

setup: .venv/warm.stamp .venv/assets.stamp

run: setup
	$(BIN)/fahrten sample-day
	$(BIN)/fahrten serve

test: setup .venv/dev.stamp
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python tests/run.py

.venv/created.stamp:
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed, this is " + sys.version)'
	$(PYTHON) -m venv .venv
	touch $@

.venv/app.stamp: .venv/created.stamp requirements/app.txt requirements/build.txt pyproject.toml
	$(INSTALL) -r requirements/app.txt -r requirements/build.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

.venv/dev.stamp: .venv/app.stamp requirements/dev.txt requirements/cluster.txt requirements/oidc.txt
	$(INSTALL) -r requirements/cluster.txt -r requirements/oidc.txt -r requirements/dev.txt
	touch $@

.venv/assets.stamp: .venv/created.stamp requirements/assets.txt
	rm -rf .assets
	$(INSTALL) --target .assets -r requirements/assets.txt
	touch $@

# numba looks at each file by itself and would keep callers of a kernel that has changed.
.venv/warm.stamp: .venv/app.stamp $(KERNELS)
	rm -f scheduler/optimizer/__pycache__/*.nb[ci]
	$(BIN)/fahrten warm-up
	touch $@

lock:
	COMPILE="uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate" && \
	$$COMPILE pyproject.toml -o requirements/app.txt && \
	$$COMPILE --group build -c requirements/app.txt -o requirements/build.txt && \
	$$COMPILE pyproject.toml --extra cluster -c requirements/app.txt -o requirements/cluster.txt && \
	$$COMPILE pyproject.toml --extra oidc -c requirements/app.txt -o requirements/oidc.txt && \
	$$COMPILE --group dev -c requirements/app.txt -c requirements/cluster.txt -c requirements/oidc.txt -o requirements/dev.txt && \
	$$COMPILE --group assets --no-deps -o requirements/assets.txt && \
	$$COMPILE --group rivals --no-deps -o requirements/rivals.txt

clean:
	rm -rf .venv .assets var
