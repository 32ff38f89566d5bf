"""Who did what to polls and settings: append-only, each entry chained to the one before it."""
