"""The decision log: how it is set up, what fills it beside `decisions.write`, and the doors by which it is read."""
