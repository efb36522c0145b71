"""What subscribers read and see beside a signal's facts: lines, pictures, a signal for those who have not paid."""
