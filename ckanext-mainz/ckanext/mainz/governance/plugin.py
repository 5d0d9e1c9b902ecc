"""The plugin ``mainz_governance``: who may see a record, who releases it, and what is remembered of that."""

from __future__ import annotations

import ckan.plugins as p


class GovernancePlugin(p.SingletonPlugin):
    pass
