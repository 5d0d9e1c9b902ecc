"""The search engine that lives in the portal's own processes. Only this package knows tantivy."""

from ckanext.mainz.search.embedded.documents import fingerprint
from ckanext.mainz.search.embedded.engine import Answer, Batch, EmbeddedEngine
from ckanext.mainz.search.embedded.shape import depend_on

__all__ = ["Answer", "Batch", "EmbeddedEngine", "depend_on", "fingerprint"]
