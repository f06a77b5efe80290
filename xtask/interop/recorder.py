"""A server that answers as a case says, and remembers what it was asked."""

import base64
import contextlib
import http.server
import json
import ssl
import threading
import time
import urllib.parse

# What tells one host from another, and who asks; the rest is telemetry and habits of HTTP libraries.
HEADERS = ["metadata", "x-identity-header", "secret", "authorization"]
METADATA_ADDRESS = ("169.254.169.254", 80)
AUTHORITY_ADDRESS = ("127.0.0.1", 443)
# Every token that is given here lives so long: no even hour, and short enough not to be renewed at half its life.
LIFE = 5400


def timed(text):
    """A text in which the marks of the moment when a token ends are those of one that begins to live now."""
    end = int(time.time()) + LIFE
    text = text.replace('"@number@"', str(end)).replace("@epoch@", str(end))
    for mark, form in {
        "@date@": "%Y-%m-%dT%H:%M:%SZ",
        "@linux@": "%m/%d/%Y %H:%M:%S +00:00",
        "@windows@": "%m/%d/%Y %I:%M:%S %p +00:00",
    }.items():
        text = text.replace(mark, time.strftime(form, time.gmtime(end)))
    return text


class Answer:
    """What the server says once."""

    def __init__(self, status, body="", **headers):
        self.status, self.headers = status, headers
        self.body = body if isinstance(body, str) else json.dumps(body)


# Nothing, for longer than anybody waits.
SILENCE = Answer(0)


class Request:
    def __init__(self, method, target, headers, body):
        parts = urllib.parse.urlsplit(target)
        self.method, self.path = method, parts.path
        self.query = sorted(urllib.parse.parse_qsl(parts.query, keep_blank_values=True))
        self.headers = {name.lower(): value for name, value in headers.items()}
        self.form = sorted(urllib.parse.parse_qsl(body, keep_blank_values=True))

    @property
    def is_discovery(self):
        """Whether it asks where the endpoints of an authority are, rather than for a token."""
        return self.path.endswith(("/.well-known/openid-configuration", "/discovery/instance"))

    def habits(self):
        """Fields that one library has and the other has not, and that change nothing."""
        if "device_code" in dict(self.form):
            # The code again by its name in v1, and the scopes again that were said with the request for it.
            return {"client_info", "code", "scope"}
        return {"client_info"}

    def normalised(self):
        """In one line, without what two good libraries may do differently."""
        # Paths of Azure AD mean the same in capitals and without, and a name the same encoded and not.
        path = urllib.parse.unquote(self.path).replace("/UserRealm/", "/userrealm/")
        line = f"{self.method} {path}"
        if self.query:
            line += "?" + "&".join(f"{name}={value}" for name, value in self.query)
        form = [normalised_field(name, value) for name, value in self.form if name not in self.habits()]
        headers = [f"{name}: {self.headers[name]}" for name in HEADERS if name in self.headers]
        return "".join([line, *(f"\n    {one}" for one in form + headers)])


def normalised_field(name, value):
    if name == "scope":
        value = " ".join(sorted(value.split()))
    if name == "client_assertion":
        value = described(value)
    return f"{name}={value}"


def described(assertion):
    """An assertion without its moment and its signature; one that is not a JWT as it is."""
    parts = assertion.split(".")
    if len(parts) != 3:
        return assertion
    header, claims = (json.loads(base64.urlsafe_b64decode(part + "==")) for part in parts[:2])
    for name in ["x5t", "x5t#S256"]:
        if name in header:
            # With or without its padding.
            header[name] = header[name].rstrip("=")
    header["x5c"] = len(header.get("x5c", []))
    claims = {name: value for name, value in claims.items() if name not in ["jti", "nbf", "iat", "exp"]}
    # By its path: each run has another port.
    claims["aud"] = urllib.parse.urlsplit(claims["aud"]).path
    return f"{json.dumps(header, sort_keys=True)} {json.dumps(claims, sort_keys=True)}"


class Recorder:
    """Listens on http and https: on any ports, or at the address of the metadata service and where authorities are."""

    def __init__(self, certificate_file, node_certificate_file, answer, has_fixed_addresses):
        self.requests = []
        self._answer = answer
        self._lock = threading.Lock()
        self._over = threading.Event()
        anywhere = ("127.0.0.1", 0)
        self._servers = [self._listen(anywhere)]
        self._servers += [self._listen(AUTHORITY_ADDRESS if has_fixed_addresses else anywhere, certificate_file)]
        self._servers += [self._listen(anywhere, node_certificate_file)]
        if has_fixed_addresses:
            self._servers += [self._listen(METADATA_ADDRESS)]
        http_port, https_port, node_port = (server.server_port for server in self._servers[:3])
        self.http = f"http://127.0.0.1:{http_port}"
        # By its address, as in a cluster: no name is in its certificate that would fit.
        self.node = f"https://127.0.0.1:{node_port}"
        self.https = "https://localhost" + f":{https_port}" * (not has_fixed_addresses)

    def answer(self, request):
        with self._lock:
            self.requests.append(request)
            index = len(self.requests) - 1
        answer = self._answer(request, index, self)
        if answer is SILENCE:
            self._over.wait()
        return answer

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._over.set()
        for server in self._servers:
            server.shutdown()
            server.server_close()

    def _listen(self, address, certificate_file=None):
        recorder = self

        class Handler(http.server.BaseHTTPRequestHandler):
            timeout = 5

            def reply(self):
                body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
                answer = recorder.answer(Request(self.command, self.path, self.headers, body))
                content = timed(answer.body).encode()
                with contextlib.suppress(OSError):  # Whoever asked may have given up.
                    self.send_response(answer.status or 500)
                    for name, value in answer.headers.items():
                        self.send_header(name.replace("_", "-"), value)
                    self.send_header("Content-Length", str(len(content)))
                    self.end_headers()
                    self.wfile.write(content)

            do_GET = do_POST = reply

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(address, Handler)
        server.handle_error = lambda *_: None
        if certificate_file:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate_file)
            server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return server
