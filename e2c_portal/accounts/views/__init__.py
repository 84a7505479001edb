"""The pages of accounts that are the portal’s own; allauth has the others."""
