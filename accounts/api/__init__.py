"""What is a reader's, for programs: the operations of the API that need to know who asks."""
