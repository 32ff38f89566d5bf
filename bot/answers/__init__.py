"""From a question to a dated, cited answer, or to an honest refusal."""
