"""The WSGI entry point: settings from the environment, then the application and those who watch over it."""

import os
import sys

from greetings.app import create_app
from greetings.house import open_house
from greetings.logs import configure_logs
from greetings.operations.housekeeping import Clerk, Housekeeper
from greetings.operations.memory import keep_few_heaps, leave_no_dump, set_apart_what_is_loaded
from greetings.operations.postman import Postman
from greetings.operations.restoring import is_half_restored
from greetings.settings import load_settings
from greetings.web.arrivals import Places, watch_laggards

leave_no_dump()
keep_few_heaps()
settings = load_settings(os.environ)
configure_logs(settings)
house = open_house(settings)
alone_since = house.presence.alone_since()  # for whose answer the kernel lets go of our share for an instant
if is_half_restored(settings):  # begun since this server was told to start
    sys.exit(f"A restore into {settings.data} goes on, or was broken off.")
places = Places(settings.uploads)
app = create_app(settings, house, places)
watch_laggards(places, settings.port)
set_apart_what_is_loaded()
Housekeeper(house, alone_since).start()
Clerk(house).start()
Postman(house).start()
