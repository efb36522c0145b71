"""What happened: the log of usage events, and every figure counted from it."""
