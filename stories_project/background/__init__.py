"""Work outside of requests: django-tasks with its database, and what it does not have.

`manage.py work` does the work. Nothing that readers see depends on it. While no worker runs, the
work is done within the request.
"""
