"""Exchange: data that enters and leaves the register as files or over HTTP."""
