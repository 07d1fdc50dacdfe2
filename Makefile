# make run: the demonstration. make test: the tests. make check: linters, types and layers.
# make long: what the tests and benchmarks of mail take an hour for: 10,000 random FETCHes, ten minutes of fuzz,
# mails of 50 MB in every program, speed and memory.
# All of them work in .venv, which uv makes where it is installed, and any Python >= 3.12 otherwise.

.PHONY: run test check long

run: .venv/ready
	.venv/bin/bothways demo

test: .venv/ready
	.venv/bin/pytest

check: .venv/ready
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/lint-imports

long: .venv/ready
	.venv/bin/pytest --long tests/engine/test_wire_fuzz.py tests/e2e/test_imap_random.py tests/e2e/test_programs.py \
	  tests/e2e/test_thunderbird.py
	.venv/bin/python benchmarks/mail_speed.py
	.venv/bin/python benchmarks/mail_memory.py

# The commands uv and python3.x may be pyenv's shims for a version that is not chosen here: only running them tells.
.venv/ready: pyproject.toml
	@if uv --version >/dev/null 2>&1; then \
	  uv sync; \
	else \
	  for python in python3.13 python3.12 python3 "$${PYENV_ROOT:-$$HOME/.pyenv}"/versions/3.1[2-9]*/bin/python; do \
	    "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null && found=$$python && break; \
	  done; \
	  if [ -z "$${found:-}" ]; then \
	    echo "Bothways needs Python 3.12 or newer, and found none. Install it, or uv, which brings its own." >&2; \
	    exit 1; \
	  fi; \
	  "$$found" -m venv .venv && \
	  .venv/bin/python -m pip install --quiet --upgrade pip && \
	  .venv/bin/python -m pip install --quiet --editable . --group dev; \
	fi
	@touch $@
