"""A person with a browser, as far as signing in needs them."""

import html.parser
import threading
import urllib.parse
import webbrowser

import requests

AUTHORITY = "https://login.microsoftonline.com"


class Form(html.parser.HTMLParser):
    """The first form of a page: where it goes and what it has in it already."""

    def __init__(self, page):
        super().__init__()
        self.action, self.fields = None, {}
        self.feed(page.text)
        if self.action is None:
            raise AssertionError(f"a page without a form, status {page.status_code}")
        self.action = urllib.parse.urljoin(page.url, self.action)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form" and self.action is None:
            self.action = attributes.get("action", "")
        elif tag == "input" and attributes.get("type") == "hidden":
            self.fields[attributes["name"]] = attributes["value"]


class Person:
    def __init__(self, name, password, code=None):
        self.name, self._password, self._code = name, password, code

    def open(self, address):
        """Opens an address, signs in and agrees. Gives the answer that the program waits for: the redirect, or the
        page that submits itself."""
        return self._sign_in(requests.get(address))

    def answer(self, address):
        """Signs in at an address and gives what the program would have received, wherever it listens."""
        answer = self.open(address)
        if answer.is_redirect:
            query = urllib.parse.urlsplit(answer.headers["location"]).query
            return dict(urllib.parse.parse_qsl(query))
        return Form(answer).fields

    def enter_device_code(self, address, code):
        """Types the code of a device into the page at this address."""
        page = self._sign_in(requests.post(Form(requests.get(address)).action, data={"otc": code}))
        assert "You have signed in" in page.text, "the page does not say that the person has signed in"

    def _sign_in(self, page):
        form = Form(page)
        typed = {"username": self.name, "password": self._password, "answer": "accept"}
        answer = requests.post(form.action, data=form.fields | typed, allow_redirects=False)
        if self._code and 'name="code"' in answer.text:
            typed["code"] = self._code
            form = Form(answer)
            answer = requests.post(form.action, data=form.fields | typed, allow_redirects=False)
        return answer


class Browser(webbrowser.BaseBrowser):
    """The browser that programs of this process open: this person sits before it."""

    def __init__(self, person):
        super().__init__("person")
        self._person = person

    def open(self, url, new=0, autoraise=True):
        threading.Thread(target=self._visit, args=[url], daemon=True).start()
        return True

    def _visit(self, url):
        answer = self._person.open(url)
        if answer.is_redirect:
            requests.get(answer.headers["location"])
        else:
            form = Form(answer)
            requests.post(form.action, data=form.fields)
