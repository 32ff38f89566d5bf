"""Which sentences mean about the same: by their words, and by what they mean."""
