"""Tenants: who they are, what they chose, and the limits that protect them."""
