"""
What is kept, and what is shipped: regions, requests, plans, and the files they come in.

Reads and writes; decides nothing about who rides when, which is the business of `scheduler`.
"""
