"""An authority that believes everybody: what is judged is what others make of its answers."""

import base64
import http.server
import itertools
import json
import threading
import time
import urllib.parse

LAKE = "https://datalake.azure.net//.default"
ANNA = "11111111-1111-1111-1111-111111111111.22222222-2222-2222-2222-222222222222"


class Authority(http.server.ThreadingHTTPServer):
    """Grants whatever it is asked for, to the person whom it is about, and counts."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server_port}"
        self.forms, self.numbers, self.delay = [], itertools.count(1), 0
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def grant(self, form):
        self.forms.append(form)
        time.sleep(self.delay)
        number = next(self.numbers)
        granted = {"token_type": "Bearer", "expires_in": 3600, "ext_expires_in": 7200}
        granted["access_token"] = f"access-token-{number:04}"
        if form["grant_type"] == "client_credentials":
            return granted
        # msal does not say again what it asked for with the device code.
        scope = form.get("scope") or base64.urlsafe_b64decode(form["device_code"]).decode()
        claims = {"oid": ANNA[:36], "sub": "pairwise", "preferred_username": "Anna.Ä@contoso.com", "tid": ANNA[37:]}
        return granted | {
            "refresh_in": 1800,
            "refresh_token": f"refresh-token-{number:04}",
            "scope": " ".join(word for word in scope.split() if word != "offline_access"),
            "id_token": f"e30.{encode(claims)}.sig",
            "client_info": encode({"uid": ANNA[:36], "utid": ANNA[37:]}),
            "foci": "1",
        }


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        form = dict(urllib.parse.parse_qsl(body))
        if self.path.endswith("/devicecode"):
            page = "https://127.0.0.1/devicelogin"
            code = base64.urlsafe_b64encode(form["scope"].encode()).decode()
            answer = {"device_code": code, "user_code": "U", "verification_uri": page, "message": "go there"}
            return self.answer(answer | {"expires_in": 900, "interval": 1})
        return self.answer(self.server.grant(form))

    def do_GET(self):
        if self.path.startswith("/msi/token"):
            granted = self.server.grant({"grant_type": "client_credentials"})
            return self.answer(granted | {"expires_on": str(int(time.time()) + granted.pop("expires_in"))})
        base = "https://127.0.0.1" + self.path.split("/v2.0/")[0]
        endpoints = {"authorization_endpoint": "authorize", "token_endpoint": "token"}
        endpoints |= {"device_authorization_endpoint": "devicecode"}
        answer = {name: f"{base}/oauth2/v2.0/{path}" for name, path in endpoints.items()}
        return self.answer(answer | {"issuer": f"{base}/v2.0"})

    def answer(self, value):
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def encode(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")
