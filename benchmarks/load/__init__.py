"""
A whole morning at once: many clients who read and book against a real server process.

`python -m benchmarks.load` starts `fahrten serve` on an empty installation, fills four weeks with
requests, plans a day, and lets clients ask one thing after the other without a pause: nine of ten
calls read what a board shows, one of ten books. Before it, the same clients ask a bare FastAPI
"hello" under the same server, so that the ratio tells our own cost.

It fails if a call is answered with an error, or if anything that was acknowledged is not there at
the end.
"""
