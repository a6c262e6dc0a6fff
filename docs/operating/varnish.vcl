# Varnish before How They Began. It needs Varnish 7 and vmod xkey
# (Debian: apt-get install varnish varnish-modules).
#
# Start varnishd with two addresses. Readers, or the proxy with TLS, connect to "public". Only the
# site connects to "purge":
#
#     varnishd -a public=:6081 -a purge=127.0.0.1:6082 -f /etc/varnish/varnish.vcl -s malloc,256m
#
# and set CDN_URL=varnish://127.0.0.1:6082 for the site.

vcl 4.1;

import std;
import xkey;

backend default {
    .host = "127.0.0.1";
    .port = "8000";
    .first_byte_timeout = 30s;
    .probe = {
        # The host must be one of ALLOWED_HOSTS.
        .request =
            "GET /healthz HTTP/1.1"
            "Host: localhost"
            "X-Forwarded-Proto: https"
            "Connection: close";
        .interval = 2s;
        .timeout = 1s;
        .window = 3;
        .threshold = 2;
        .initial = 2;
    }
}

# The machines on which the site runs.
acl purgers {
    "127.0.0.1";
    "::1";
}

sub vcl_recv {
    if (local.socket == "purge") {
        if (req.method != "PURGE" || client.ip !~ purgers) {
            return (synth(403, "Forbidden"));
        }
        return (synth(200, "Purged " + xkey.purge(req.http.xkey)));
    }
    if (req.method == "PURGE") {
        return (synth(405, "Method Not Allowed"));
    }

    # These parameters make no other page.
    set req.url = regsuball(req.url, "(?<=[?&])(utm_[a-z]+|fbclid|gclid)=[^&]*&?", "");
    set req.url = regsub(req.url, "[?&]$", "");

    # The desk, the forms and private addresses need cookies, and are never kept. Public pages are
    # the same for everybody.
    if (req.url ~ "^/(admin|calendar|corrections|markdownx|preview|suggest|suggestions)(/|$|\?)") {
        return (pass);
    }
    unset req.http.Cookie;

    # How long a page may be shown while a newer one is fetched. If the site does not answer, it may
    # be shown for as long as the site allowed it (see beresp.grace).
    if (std.healthy(req.backend_hint)) {
        set req.grace = 60s;
    }
}

sub vcl_hash {
    hash_data(req.http.X-Forwarded-Proto);
}

sub vcl_backend_response {
    if (beresp.http.Surrogate-Control ~ "max-age=[1-9]") {
        set beresp.ttl = std.duration(
            regsub(beresp.http.Surrogate-Control, "^.*max-age=(\d+).*$", "\1s"), 0s);
        # The site allows this only if nothing changes by itself meanwhile.
        set beresp.grace = 0s;
        if (beresp.http.Surrogate-Control ~ "stale-if-error=") {
            set beresp.grace = std.duration(
                regsub(beresp.http.Surrogate-Control, "^.*stale-if-error=(\d+).*$", "\1s"), 0s);
        }
        # For later: the site is asked whether the page has changed, and answers 304 if not.
        set beresp.keep = 1d;
        set beresp.http.xkey = beresp.http.Surrogate-Key;
    } else if (beresp.status >= 500 && bereq.is_bgfetch) {
        # Keep what we have.
        return (abandon);
    } else if (beresp.http.Cache-Control !~ "max-age=[1-9]") {
        set beresp.ttl = 0s;
        set beresp.grace = 0s;
    }
}

sub vcl_deliver {
    unset resp.http.Surrogate-Control;
    unset resp.http.Surrogate-Key;
    unset resp.http.xkey;
    unset resp.http.Via;
    unset resp.http.X-Varnish;
    # "HIT" or "MISS", to see it at work.
    set resp.http.X-Cache = "MISS";
    if (obj.hits > 0) {
        set resp.http.X-Cache = "HIT";
    }
}
