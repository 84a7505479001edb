"""Documents: frozen context, rendering, seal, storage, verification. It knows no business word."""
