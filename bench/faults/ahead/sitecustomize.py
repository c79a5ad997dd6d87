"""For programs under libfaketime: 0.9.10 refuses the sleep of Python 3.11 and later."""

import select
import time

time.sleep = lambda seconds: select.select([], [], [], seconds) and None
