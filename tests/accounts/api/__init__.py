"""What is a reader’s, asked for by programs."""
