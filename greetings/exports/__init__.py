"""Taking approved greetings out: for the printer, the press, an event; only what their senders granted."""
