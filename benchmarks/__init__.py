"""What was measured, on what, by which command; the ledger is README.md."""
