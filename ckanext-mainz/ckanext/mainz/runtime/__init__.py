"""How the portal runs: embedded services, launcher, supervision, preparation of a data folder.

Nothing that the supervisor imports loads CKAN: only `prepare`, `wsgi`, `worker` and `jobs` do, each in a process of its
own.
"""
