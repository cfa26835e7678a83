"""Running an installation: setting up, checking, sweeping, backing up, showing a demo."""
