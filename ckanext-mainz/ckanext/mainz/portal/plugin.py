"""The plugin ``mainz_portal``: theme, pages and translations."""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
from ckan.plugins import toolkit


class PortalPlugin(p.SingletonPlugin):
    p.implements(p.IConfigurer)

    def update_config(self, config: Any) -> None:
        toolkit.add_template_directory(config, "templates")
        toolkit.add_public_directory(config, "public")
        toolkit.add_resource("assets", "mainz")
