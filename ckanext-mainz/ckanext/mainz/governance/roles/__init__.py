"""Organisations and roles: who belongs where, who grants what to whom, and how it ends."""
