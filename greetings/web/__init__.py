"""What all views share: the request's session, language, headers, permissions, limits, pages of errors."""
