"""A simulated Discord in the browser, for trying the bot without a token."""
