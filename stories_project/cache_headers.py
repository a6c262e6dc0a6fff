def never_store(response):
    """Keep an answer out of every cache and search engine, and its address out of other sites."""
    response["Cache-Control"] = "no-store, private"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Referrer-Policy"] = "no-referrer"
    return response
