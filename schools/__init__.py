"""Network, schools, sites, memberships, scope: who may see what (floor 5)."""
