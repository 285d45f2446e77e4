"""Who is who: organisations, people, their roles, sessions, keys and certificates, and the acts they sign."""
