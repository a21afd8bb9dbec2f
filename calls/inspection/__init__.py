"""What an operator looks at when in doubt; nothing here changes anything."""
