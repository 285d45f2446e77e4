"""Tables of identity; importing this package registers all of them."""

from core.identity.models import acts, certificates, clockwork, licences, messages, people, sessions

__all__ = ["acts", "certificates", "clockwork", "licences", "messages", "people", "sessions"]
