"""The functions that anyone may call; each module is one function's endpoint."""
