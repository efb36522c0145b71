"""The functions for the platform's people; each module is one function's endpoint."""
