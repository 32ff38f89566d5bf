"""What Discord answers when it refuses."""

from typing import Any

Payload = dict[str, Any]


class ApiError(Exception):
    """A refusal with Discord's status, code and message."""

    def __init__(self, status: int, code: int, message: str, errors: Payload | None = None) -> None:
        super().__init__(f"{status} {code} {message}")
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors

    @property
    def body(self) -> Payload:
        """Give the JSON body of the refusal."""
        body: Payload = {"message": self.message, "code": self.code}
        if self.errors:
            body["errors"] = self.errors
        return body


class ControlError(Exception):
    """A test asked for something that a member, or this loopback, cannot do."""


# Codes that a correct bot never provokes; each one met is also recorded as a violation.
FAULTY_CODES = frozenset({0, 40060, 50006, 50035, 10062})

unauthorized = ApiError(401, 0, "401: Unauthorized")
unknown_channel = ApiError(404, 10003, "Unknown Channel")
unknown_guild = ApiError(404, 10004, "Unknown Guild")
unknown_member = ApiError(404, 10007, "Unknown Member")
unknown_message = ApiError(404, 10008, "Unknown Message")
unknown_user = ApiError(404, 10013, "Unknown User")
unknown_webhook = ApiError(404, 10015, "Unknown Webhook")
unknown_interaction = ApiError(404, 10062, "Unknown interaction")
unknown_command = ApiError(404, 10063, "Unknown application command")
already_acknowledged = ApiError(400, 40060, "Interaction has already been acknowledged.")
missing_access = ApiError(403, 50001, "Missing Access")
not_own_message = ApiError(403, 50005, "Cannot edit a message authored by another user")
empty_message = ApiError(400, 50006, "Cannot send an empty message")
dms_closed = ApiError(403, 50007, "Cannot send messages to this user")
missing_permissions = ApiError(403, 50013, "Missing Permissions")
thread_archived = ApiError(400, 50083, "Thread is archived")
not_in_a_forum = ApiError(400, 50008, "Cannot send messages in a non-text channel")
