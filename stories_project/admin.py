from django.conf import settings
from django.contrib import admin


class EditorialAdminSite(admin.AdminSite):
    site_title = settings.PUBLICATION_NAME
    site_header = settings.PUBLICATION_NAME
    index_title = "Desk"
    enable_nav_sidebar = False
    empty_value_display = "–"
