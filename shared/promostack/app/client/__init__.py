"""The functions for tenants' people, on the dashboard's host only; each module is one function's endpoint."""
