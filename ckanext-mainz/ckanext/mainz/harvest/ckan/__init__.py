"""Any CKAN as a source, by its Action API.

- `api`: one question and its answer; `walking`: all records of a portal, and whether that was all
- `values`: fields of a record, wherever a portal keeps them; `mapping`, `resources`: a record as it would be here
- `kind`, `checking`: what the template of a run and the form of a source use

What it shares with catalogues of DCAT, such as settings and licences, is in `harvest.dcat`.
"""
