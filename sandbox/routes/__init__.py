"""The addresses of the sandbox."""
