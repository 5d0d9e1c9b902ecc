"""Records of a catalogue of the GDI (CSW 2.0.2, ISO 19139) as records of the portal. Pure: no network, no database.

    record = iso.read(element)
    mapped = mapping.map_dataset(record, services, settings, today)

`coupling` says which services belong to which dataset, `fingerprint` whether a record has changed.
"""
