"""Members watch projects: a message on a change, and before claims close."""
