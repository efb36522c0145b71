"""Postgres: one connection a process, one tenant a transaction, SQL only in named files."""
