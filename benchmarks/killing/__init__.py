"""Processes that are killed, people who work meanwhile, and what must hold afterwards."""
