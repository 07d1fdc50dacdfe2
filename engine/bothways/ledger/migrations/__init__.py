"""The ledger's history of shapes, applied by Alembic when a ledger is opened."""
