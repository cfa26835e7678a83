"""The languages that everything is in: pages, posters, the texts of an action, reasons for rejecting."""

LANGUAGES = ("be", "en", "ru")
DEFAULT_LANGUAGE = "en"
LABELS = {"be": "Бел", "en": "Eng", "ru": "Рус"}
NAMES = {"be": "Беларуская", "en": "English", "ru": "Русский"}
