"""Shared parts of what people see: cards, texts, replies, component routing."""
