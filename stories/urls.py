from django.urls import path

from stories import feeds, health, metrics, sitemaps
from stories.api import addresses
from stories.views import (
    following,
    founders,
    guest_comments,
    private,
    search,
    series,
    stories,
    suggestions,
    tags,
)
from stories.views import share_pictures as pictures
from stories_project import converters  # noqa: F401  registers <uslug:…>

ATOM, JSON = {"format": "atom"}, {"format": "json"}

urlpatterns = [
    path("", stories.home, name="home"),
    path("stories/", stories.story_list, name="stories"),
    path("stories/<uslug:slug>/", stories.story, name="story"),
    path("stories/<uslug:slug>.md", stories.story_as_markdown, name="story_as_markdown"),
    path("founders/<uslug:slug>/", founders.founder, name="founder"),
    path("tags/", tags.tag_list, name="tags"),
    path("tags/<uslug:slug>/", tags.tag, name="tag"),
    path("series/", series.series_list, name="series_list"),
    path("series/<uslug:slug>/", series.series, name="series"),
    path("about/", stories.about, name="about"),
    path("suggest/", suggestions.suggest, name="suggest"),
    path("corrections/", suggestions.corrections, name="corrections"),
    path("follow/", following.follow, name="follow"),
    path("follow/asked/", following.asked, name="follow_asked"),
    path("search/", search.search, name="search"),
    path("search/suggestions.json", search.search_suggestions, name="search_suggestions"),
    # Share pictures
    path("share-<slug:version>.jpg", pictures.publication_picture, name="publication_picture"),
    path(
        "stories/<uslug:slug>/share-<slug:version>.jpg",
        pictures.story_picture,
        name="story_picture",
    ),
    path(
        "stories/<uslug:slug>/takeaways-<slug:version>.jpg",
        pictures.takeaways_picture,
        name="takeaways_picture",
    ),
    path(
        "founders/<uslug:slug>/share-<slug:version>.jpg",
        pictures.founder_picture,
        name="founder_picture",
    ),
    # Feeds, sitemaps and health checks
    path("feed/", feeds.all_stories, ATOM, name="feed_atom"),
    path("feed.json", feeds.all_stories, JSON, name="feed_json"),
    path("founders/<uslug:slug>/feed/", feeds.of_founder, ATOM, name="founder_feed_atom"),
    path("founders/<uslug:slug>/feed.json", feeds.of_founder, JSON, name="founder_feed_json"),
    path("tags/<uslug:slug>/feed/", feeds.of_tag, ATOM, name="tag_feed_atom"),
    path("tags/<uslug:slug>/feed.json", feeds.of_tag, JSON, name="tag_feed_json"),
    path("series/<uslug:slug>/feed/", feeds.of_series, ATOM, name="series_feed_atom"),
    path("series/<uslug:slug>/feed.json", feeds.of_series, JSON, name="series_feed_json"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap-founders.xml", sitemaps.founders, name="sitemap_founders"),
    path("sitemap-tags.xml", sitemaps.tags, name="sitemap_tags"),
    path("sitemap-series.xml", sitemaps.series, name="sitemap_series"),
    path("sitemap-news.xml", sitemaps.news, name="sitemap_news"),
    path("sitemap-<slug:month>.xml", sitemaps.month, name="sitemap_month"),
    path("robots.txt", sitemaps.robots, name="robots"),
    path("llms.txt", sitemaps.llms, name="llms"),
    path("<slug:key>.txt", sitemaps.index_now_key, name="index_now_key"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    *addresses.urls(),
    # Private URLs
    path("preview/<str:token>/", private.review_link, name="review_link"),
    path("preview/<str:token>/comments/", guest_comments.guest_comments, name="guest_comments"),
    path("suggestions/<slug:token>/", suggestions.suggestion, name="suggestion"),
    path("follow/confirm/<str:signed>/", following.confirmation, name="follow_confirm"),
    path("follow/<slug:token>/", following.preferences, name="follow_preferences"),
    path("follow/<slug:token>/leave/", following.leave, name="follow_leave"),
    path("follow/<slug:token>/held.json", following.held, name="follow_held"),
    path("calendar/<slug:token>.ics", private.calendar_feed, name="calendar_feed"),
]
