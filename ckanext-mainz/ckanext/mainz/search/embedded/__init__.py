"""The search engine that lives in the portal's own processes. Only this package knows tantivy."""

from ckanext.mainz.search.embedded.documents import fingerprint
from ckanext.mainz.search.embedded.engine import Answer, Batch, EmbeddedEngine

__all__ = ["Answer", "Batch", "EmbeddedEngine", "fingerprint"]
