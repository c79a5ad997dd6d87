import os

from django.core.wsgi import get_wsgi_application

from config import brand

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
brand.insist()  # gunicorn runs no system checks
