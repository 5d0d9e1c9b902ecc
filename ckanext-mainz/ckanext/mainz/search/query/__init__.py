"""From Solr's parameters to a search as data. Knows no engine and nothing of CKAN."""

from ckanext.mainz.search.query.request import read, read_query

__all__ = ["read", "read_query"]
