"""Pictures and papers of parts."""
