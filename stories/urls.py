from django.urls import path

from stories import views
from stories_project import addresses  # noqa: F401  registers <uslug:…>

urlpatterns = [
    path("", views.home, name="home"),
    path("stories/", views.story_list, name="stories"),
    path("stories/<uslug:slug>/", views.story, name="story"),
    path("stories/<uslug:slug>.md", views.story_as_markdown, name="story_as_markdown"),
    path("founders/<uslug:slug>/", views.founder, name="founder"),
    path("preview/<str:token>/", views.review_link, name="review_link"),
    path("calendar/<slug:token>.ics", views.calendar_feed, name="calendar_feed"),
    path("tags/", views.tag_list, name="tags"),
    path("tags/<uslug:slug>/", views.tag, name="tag"),
]
