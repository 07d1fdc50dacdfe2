"""The output formats of `scan`: one module each, with `write(scanned, tally, out)`."""
