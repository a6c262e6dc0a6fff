"""How the site is served in production: supervisor, server, workers.

    supervisor   holds the listening socket; starts the server again if it ends, and a new one
     |           for a new release
     +- server   loads the code, forks the workers, and replaces those that end, hang or grow
         +- workers   answer requests

`manage.py serve` checks the settings and becomes the supervisor.
"""
