"""A believable wall for a first look: greetings, their words and their pictures, all invented and drawn here."""
