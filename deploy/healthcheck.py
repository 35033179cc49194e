"""Ask the web server of this machine whether it answers; the exit status is 1 unless it does."""

import http.client
import os
import sys
from urllib.parse import urlsplit

port = os.environ.get("PORT", "8000")
# The server knows no other host than the site's.
host = urlsplit(os.environ.get("SITE_URL", "")).netloc or f"127.0.0.1:{port}"
connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=4)
connection.request("GET", "/healthz", headers={"Host": host})
sys.exit(connection.getresponse().status != http.HTTPStatus.OK)
