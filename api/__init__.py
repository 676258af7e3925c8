"""
The outside: HTTP, pages, sheets and commands.

Everything goes through `api.operations`; handlers and commands parse, call one operation, and
shape the answer.
"""
