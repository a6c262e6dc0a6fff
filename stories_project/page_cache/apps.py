from django.apps import AppConfig


class PageCacheConfig(AppConfig):
    name = "stories_project.page_cache"
