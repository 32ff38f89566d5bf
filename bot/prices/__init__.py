"""What listed tokens trade at, from a market's API."""
