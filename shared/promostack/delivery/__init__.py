"""The outbox: whatever leaves the house is a row here first."""
