"""
Places on a map, and how long it takes to drive between them.

"Routing" here means road routing: points in, travel times out.
Deciding who rides in which vehicle is the business of `scheduler`.
"""
