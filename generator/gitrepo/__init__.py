"""The only code that runs git: the binary, without a work tree, a shell, hooks or the user's own settings."""
