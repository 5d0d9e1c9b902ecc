"""The example catalogue: invented datasets of the city, so that a new portal is alive from the first minute.

What is published is data (`organizations.yaml`, `datasets/*.yaml`, `places.yaml`); `catalogue` reads and checks it,
`tables` and `writers` make the files, `loader` puts all of it into the portal and takes it out again.
"""
