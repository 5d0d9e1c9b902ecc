"""Other portals as sources, by their DCAT-AP catalogue; and what a source by CKAN's API shares with that.

- `fetching`, `encoding`, `sniffing`: one document of RDF, whatever its server says about it
- `statements`, `parts`: its statements on disk, and those that belong to one record
- `paging`, `walking`: from page to page, and whether that was all
- `amending`, `mapping`: a record as the portal would have it, by the reader in `metadata.rdf`
- `settings`, `identifiers`, `hashes`, `licences`, `people`, `finishing`: shared with `harvest.ckan`
- `kind`, `checking`: what the template of a run and the form of a source use
"""
