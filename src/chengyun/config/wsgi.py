import os

from django.core.wsgi import get_wsgi_application

from chengyun.config import environment

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chengyun.config.settings")
environment.load_secrets(environment.data_dir())
application = get_wsgi_application()
