"""What people see: pages, templates, assets, translations."""
