from django.contrib.admin.apps import AdminConfig


class EditorialAdminConfig(AdminConfig):
    default_site = "stories_project.admin.EditorialAdminSite"
