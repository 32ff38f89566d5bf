"""What a server's moderators have set."""
