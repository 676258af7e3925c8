"""
Solving in the background: who picks up what, in which process it is solved, how far it is.

What leaves this process are numbers (`scheduler.problem`): no name, no address, no key. What comes
back is checked here before it is believed.
"""
