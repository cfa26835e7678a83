"""Measurements beside others' work, run by `make bench`; no part of the tests.

One module a topic, each with `run(report)`. Whatever a machine lacks is said aloud and left out.
"""
