"""What must happen after a commit: written with the change itself, done at least once, in order per key."""
