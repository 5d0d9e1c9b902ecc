"""How datasets are found: one query model, an embedded engine behind CKAN's own search, one outbox."""
