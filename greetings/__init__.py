"""Birthday actions for prisoners of conscience: supporters send, moderators decide, visitors see."""
