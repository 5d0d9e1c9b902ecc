"""The catalogue for programs: the RDF addresses of ckanext-dcat, answered from kept pieces, and all of it as a file.

See docs/developers/catalogue.md.
"""
