"""Rankings: who stands where, with how much, and what it looks like."""
