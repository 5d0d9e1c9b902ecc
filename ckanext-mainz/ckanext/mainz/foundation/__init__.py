"""What every room needs: options read as functions, one guarded HTTP session, one hardened XML parser, files."""
