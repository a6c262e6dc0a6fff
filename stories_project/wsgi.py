import os

from django.core.wsgi import get_wsgi_application
from django.utils.module_loading import import_string

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stories_project.settings")

django_application = get_wsgi_application()
# Imported by name, because the page cache needs the models, which are loaded only now.
with_page_cache = import_string("stories_project.page_cache.application.with_page_cache")
surviving_outages = import_string("stories_project.outages.SurvivingOutages")
application = with_page_cache(surviving_outages(django_application))
