"""How large and of which form the parts of a set-up may be. Every list has an upper bound."""

import re

ID = re.compile(r"[A-Za-z0-9_.-]{1,40}")
ID_FORM = "1 to 40 letters, digits and _ . -"
PREFIX = re.compile(r"[A-Z]{0,3}")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,4}")
TOKEN = re.compile(r"[A-Za-z0-9_.~-]{4,200}")
PUBLIC_URL = re.compile(r"https?://[^\s/?#]+(/[^\s?#]*)?")
PRINTER_URL = re.compile(r"tcp://[^\s/]+|(usb|serial|file):\S.*|win32:\S.*")

MAX_FILE_BYTES = 1_048_576
MAX_NAME_LENGTH = 60
MAX_SECRET_LENGTH = 128
MAX_URL_LENGTH = 200
MAX_LANGUAGES = 16
MAX_AREAS = 50
MAX_SERIES = 200
MAX_SERVICES = 200
MAX_CLASSES = 50
MAX_COUNTERS = 500
MAX_STAFF = 2000
MAX_DEVICES = 500
MAX_REASONS = 200
MAX_SCRIPTS = 6
MAX_STEPS = 12
MAX_STEP_LENGTH = 120
MAX_SKILLS = 20
MAX_TEXTS = 40
MAX_ITEM_WEIGHT = 1000
MAX_RANK, MAX_RATIO = 99, 100
MAX_CALLS, MAX_AGAIN, MAX_PLACES = 10, 20, 100
MAX_PAUSE_S, MAX_INFER_S = 600, 3600
MAX_PER_HOUR, MAX_DAYS = 1000, 366
MAX_POSITION = 999_999
MAX_MINUTES = 1440
MIN_WIDTH_DOTS, WIDTH_DOTS, MAX_WIDTH_DOTS = 200, 576, 2000

SHORT_TOKEN = 20
SHORT_PASSWORD = 8
SHORT_PIN = 4
