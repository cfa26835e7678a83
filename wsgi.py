"""The WSGI entry point: settings from the environment, then the application."""

import os

from greetings.app import create_app
from greetings.settings import load_settings

app = create_app(load_settings(os.environ))
