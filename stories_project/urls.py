from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from stories_project import views
from stories_project.accounts.views import Sessions, SignOut, end_session
from stories_project.monitoring.queries import watch_queries

handler404 = "stories.views.missing.not_found"
handler500 = "stories_project.outages.error_page"

watch_queries()

urlpatterns = [
    path("", include("stories.urls")),
    path("founders/", include("founders.urls")),
    path("admin/", admin.site.urls),
    path("account/logout/", SignOut.as_view(), name="account_logout"),
    path("account/sessions/", Sessions.as_view(), name="usersessions_list"),
    path("account/sessions/<int:pk>/end/", end_session, name="usersessions_end"),
    path("account/", include("allauth.urls")),
    path("markdownx/markdownify/", views.preview_markdown, name="markdownx_markdownify"),
    path("markdownx/from-html/", views.convert_html, name="markdown_from_html"),
    path("markdownx/upload/", views.upload_image, name="markdownx_upload"),
    path("colours-<slug:name>.css", views.colours, name="colours"),
    path("drawn/<slug:name>.svg", views.drawn, name="drawing"),
    path("favicon.ico", views.favicon, name="favicon"),
    path(f"{settings.MEDIA_URL.lstrip('/')}<path:path>", views.media, name="media"),
]
