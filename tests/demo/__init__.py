"""The demonstration: its case files, its documents, and whole plays by separate processes."""
