"""What we make, judged by tools that are not ours."""
