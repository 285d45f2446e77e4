"""The archive of closed cases: the archive package, its four checks, and the pages of centre and supervisor."""
