"""Companies, establishments, contacts, framework conventions, commitments (floor 6)."""
