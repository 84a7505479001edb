"""People, pathways, internships, attendance, skills, exits (floor 7)."""
