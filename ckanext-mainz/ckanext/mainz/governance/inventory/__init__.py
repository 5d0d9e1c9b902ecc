"""The inventory: what data there is, where, who keeps it, and why it is not published yet."""
