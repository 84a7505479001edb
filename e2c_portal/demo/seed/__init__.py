"""What the demonstration starts with: published facts with their sources, and two examples that say they are ones."""
