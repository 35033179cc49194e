"""Papers, the tweets that link them, and the digests made of both. Knows no readers."""
