"""
Who rides in which vehicle, and when.

Pure: no clock, no network, no disk, no names of people. Numbers and pseudonymous ids in,
plans out; today's date and the seed are parameters.
"""
