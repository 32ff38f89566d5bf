"""Projects and their facts: what ships, how it is found, how it is shown."""
