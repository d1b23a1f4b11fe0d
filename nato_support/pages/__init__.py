"""Public pages of the register, rendered from editions alone: what the API answers, for readers."""
