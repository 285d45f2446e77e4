"""The edge: guard, problems, words, live streams and uploads that every package's pages share."""
