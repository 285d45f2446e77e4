"""What happens to deposits, in the past tense."""
