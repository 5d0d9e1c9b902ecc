"""Governance: who may see a record and who releases it."""
