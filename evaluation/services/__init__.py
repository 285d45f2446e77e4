"""The use cases of bid evaluation."""
