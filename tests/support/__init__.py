"""What tests stand on: throw-away servers, fresh databases, rows."""
