"""The public pages of the demo that are audited and drawn: {name: path}."""

LOOM = "/stories/the-loom-that-knew-when-to-stop/"
ROAD = "/stories/behind-his-back-bertha-benz-and-the-road-to-pforzheim/"
PAGES = {
    "front": "/",
    "stories": "/stories/",
    "story": ROAD,
    "short-story": LOOM,
    "card": f"{LOOM}card/",
    "founders": "/founders/",
    "founder": "/founders/sakichi-toyoda/",
    "lives": "/lives/",
    "company": "/companies/benz-and-cie/",
    "all-series": "/series/",
    "series": "/series/when-it-nearly-ended/",
    "tags": "/tags/",
    "tag": "/tags/craft/",
    "search": "/search/",
    "found": "/search/?q=loom",
    "nothing-found": "/search/?q=spaceship",
    "about": "/about/",
    "privacy": "/privacy/",
    "reading-list": "/reading-list/",
    "follow": "/follow/",
    "suggest": "/suggest/",
    "correct": "/corrections/?founder=sakichi-toyoda",
    "corrections": "/corrections/",
    "sign-in": "/account/login/",
    "new-password": "/account/password/reset/",
    "not-found": "/stories/the-loom-that-new/",
}
# Those that need a server, and where others stand in the static site.
FOR_A_SERVER = {
    "found",
    "nothing-found",
    "follow",
    "correct",
    "sign-in",
    "new-password",
    "not-found",
}
STATIC_PAGES = [path for name, path in PAGES.items() if name not in FOR_A_SERVER] + [
    *("/stories/page/2/", "/founders/letter/b/", "/tags/order/name/", "/lives/century/19/"),
    *("/search/?q=loom", "/404.html"),
]
