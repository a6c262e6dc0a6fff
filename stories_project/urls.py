from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from stories_project import views

urlpatterns = [
    path("", include("stories.urls")),
    path("founders/", include("founders.urls")),
    path("admin/", admin.site.urls),
    path("markdownx/markdownify/", views.preview_markdown, name="markdownx_markdownify"),
    path("markdownx/upload/", views.upload_image, name="markdownx_upload"),
    path("healthz", views.healthz, name="healthz"),
    path(f"{settings.MEDIA_URL.lstrip('/')}<path:path>", views.media, name="media"),
]
