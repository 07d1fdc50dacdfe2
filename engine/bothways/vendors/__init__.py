"""The vendor catalogue: one TOML file a vendor, and the code that loads, checks and indexes them."""
