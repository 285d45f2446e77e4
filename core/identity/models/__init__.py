"""Tables of identity; importing this package registers all of them."""

from core.identity.models import acts, anchors, certificates, clockwork, licences, messages, people, sessions

__all__ = ["acts", "anchors", "certificates", "clockwork", "licences", "messages", "people", "sessions"]
