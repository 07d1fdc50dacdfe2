"""`python -m bothways_cli` is `bothways`."""

from bothways_cli.main import main

main(prog_name="bothways")
