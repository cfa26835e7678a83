"""The WSGI entry point: settings from the environment, then the application and its housekeeper."""

import os

from greetings.app import create_app
from greetings.house import open_house
from greetings.logs import configure_logs
from greetings.operations.housekeeping import Housekeeper
from greetings.settings import load_settings

settings = load_settings(os.environ)
configure_logs(settings)
house = open_house(settings)
app = create_app(settings, house)
Housekeeper(house).start()
