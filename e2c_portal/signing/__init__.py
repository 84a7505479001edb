"""Envelopes: who must sign which document, how, and with which proof. No business word."""
