"""
Pages in German for people with a browser: the day, its sheets, its map.

A page asks one operation, puts the answer into words (`views`) and sets them (`templates`).
"""
