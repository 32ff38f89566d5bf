"""Schedules, their runs, and how what they announce reaches a channel."""
