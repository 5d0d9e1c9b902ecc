"""The embedded services: Postgres and Redis from their wheels, as plain child processes on unix sockets.

Each class knows one service's files, how it is started and stopped, and when it answers. The supervisor, the tests and
the benchmarks use the same classes; `Part` in `ckanext.mainz.runtime.part` is what they have in common.
"""
