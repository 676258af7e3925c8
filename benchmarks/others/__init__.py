"""
Other people's vehicle routing programs, each given a problem as well as it can understand it.

Every module has a `search` that takes a problem, CPU seconds and a seed and gives visits in order
for each shift. None of the programs is a dependency of this project; see `benchmarks.rivals` for
how to install them elsewhere. None knows a longest ride: they get windows that it has tightened.
"""
