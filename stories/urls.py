from django.urls import path

from stories import feeds, health, sitemaps, views
from stories.search import views as search
from stories.sharing import views as sharing
from stories.suggesting import views as suggesting
from stories_project import addresses  # noqa: F401  registers <uslug:…>

ATOM, JSON = {"form": "atom"}, {"form": "json"}

urlpatterns = [
    path("", views.home, name="home"),
    path("stories/", views.story_list, name="stories"),
    path("stories/<uslug:slug>/", views.story, name="story"),
    path("stories/<uslug:slug>.md", views.story_as_markdown, name="story_as_markdown"),
    path("founders/<uslug:slug>/", views.founder, name="founder"),
    path("tags/", views.tag_list, name="tags"),
    path("tags/<uslug:slug>/", views.tag, name="tag"),
    path("about/", views.about, name="about"),
    path("suggest/", suggesting.suggest, name="suggest"),
    path("corrections/", suggesting.corrections, name="corrections"),
    path("search/", search.search, name="search"),
    path("search/suggestions.json", search.search_suggestions, name="search_suggestions"),
    # Pictures to share
    path("share-<slug:version>.jpg", sharing.publication_picture, name="publication_picture"),
    path(
        "stories/<uslug:slug>/share-<slug:version>.jpg", sharing.story_picture, name="story_picture"
    ),
    path(
        "stories/<uslug:slug>/takeaways-<slug:version>.jpg",
        sharing.takeaways_picture,
        name="takeaways_picture",
    ),
    path(
        "founders/<uslug:slug>/share-<slug:version>.jpg",
        sharing.founder_picture,
        name="founder_picture",
    ),
    # For machines
    path("feed/", feeds.all_stories, ATOM, name="feed_atom"),
    path("feed.json", feeds.all_stories, JSON, name="feed_json"),
    path("founders/<uslug:slug>/feed/", feeds.of_founder, ATOM, name="founder_feed_atom"),
    path("founders/<uslug:slug>/feed.json", feeds.of_founder, JSON, name="founder_feed_json"),
    path("tags/<uslug:slug>/feed/", feeds.of_tag, ATOM, name="tag_feed_atom"),
    path("tags/<uslug:slug>/feed.json", feeds.of_tag, JSON, name="tag_feed_json"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap-founders.xml", sitemaps.founders, name="sitemap_founders"),
    path("sitemap-tags.xml", sitemaps.tags, name="sitemap_tags"),
    path("sitemap-news.xml", sitemaps.news, name="sitemap_news"),
    path("sitemap-<slug:month>.xml", sitemaps.month, name="sitemap_month"),
    path("robots.txt", sitemaps.robots, name="robots"),
    path("llms.txt", sitemaps.llms, name="llms"),
    path("readyz", health.readyz, name="readyz"),
    # For those who have the private address
    path("preview/<str:token>/", views.review_link, name="review_link"),
    path("suggestions/<str:token>/", suggesting.suggestion, name="suggestion"),
    path("calendar/<slug:token>.ics", views.calendar_feed, name="calendar_feed"),
]
