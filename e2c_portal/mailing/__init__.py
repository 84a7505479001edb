"""Messages: asked for with the business change, sent after it, once. E-mail and text messages. No business word."""
