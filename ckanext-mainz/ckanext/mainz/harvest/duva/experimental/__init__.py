"""Experimental: interfaces of DUVA of which nobody here has seen a real answer.

They are written after what others tell of them, and played by a server in the tests. Each has a sentence that says what
it would take to trust it; a check and every run tell it.
"""
