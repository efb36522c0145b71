"""Leaving again: everything of a tenant in one file, its deletion, and the erasure of one person."""
