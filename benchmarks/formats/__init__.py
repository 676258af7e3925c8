"""
The literature's file formats, each read into a `Case` by a module of its own.

None of the files belongs to this repository. What a format means is said where it is read, with
its source.
"""
