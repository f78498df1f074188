"""A page that a hostile person's session serves to whoever follows a link to it, and what a page may try.

The person has put a server of their own in the place of the session's: it asks nobody for a login. ``/page?FIELDS`` is
answered with the fields of a JSON list, ``/lead?ADDRESS`` leads there.
"""

from dataclasses import dataclass

from playwright.sync_api import BrowserContext, Page

SERVER = """
import http.server, json, os, socketserver, threading, urllib.parse
folder = "/run/mantidhub/session/"
class Hostile(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        path, _, query = self.path.partition("?")
        leads = path.endswith("/lead")
        body = b"<!doctype html><title>hostile</title><p>of mallory" if path.endswith("/page") else b"of mallory"
        body = b"// of mallory" if path.endswith(".js") else body
        self.send_response(302 if leads else 200)
        if leads:
            self.send_header("Location", urllib.parse.unquote(query))
        kind = "text/javascript" if path.endswith(".js") else "text/html"
        fields = json.loads(urllib.parse.unquote(query)) if query and not leads else []
        for name, value in (("Content-Type", kind), ("Content-Length", str(len(body))), *fields):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
    def address_string(self):
        return ""
    def log_message(self, *_):
        pass
class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
os.path.exists(folder + "kept.sock") or os.rename(folder + "server.sock", folder + "kept.sock")
server = Server(folder + "server.sock", Hostile)
os.chmod(folder + "server.sock", 0o666)
threading.Thread(target=server.serve_forever, daemon=True).start()
print("listening")
"""

_RUN = """async ([path, code]) => {
    const token = decodeURIComponent(document.cookie.match(/_xsrf=([^;]+)/)[1]);
    const asked = { method: "POST", headers: { "X-XSRFToken": token }, body: '{"name": "python3"}' };
    const { id } = await (await fetch(`${path}/api/kernels`, asked)).json();
    const socket = new WebSocket(`${location.origin.replace("http", "ws")}${path}/api/kernels/${id}/channels`);
    await new Promise((done) => { socket.onopen = done; });
    const header = { msg_id: "1", username: "", session: "s", msg_type: "execute_request", version: "5.3", date: "" };
    const content = { code, silent: false, store_history: false, allow_stdin: false, stop_on_error: true };
    return await new Promise((done) => {
        let text = "";
        socket.onmessage = ({ data }) => {
            const { header: { msg_type }, content, parent_header } = JSON.parse(data);
            if (parent_header.msg_id !== "1") return;
            if (msg_type === "stream") text += content.text;
            if (msg_type === "error") text += content.evalue;
            if (msg_type === "status" && content.execution_state === "idle") done(text);
        };
        socket.send(JSON.stringify({ header, content, parent_header: {}, metadata: {}, channel: "shell" }));
    });
}"""


def run_in_session(page: Page, path: str, code: str) -> str:
    """Run code in a new kernel of the session whose page this is, and return what it prints."""
    return str(page.evaluate(_RUN, [path, code]))


_UNTIL = """
    const until = async (look) => {
        for (let tries = 0; tries < 40; tries++) {
            try { const text = look(); if (text) return text; } catch {}
            await new Promise((done) => setTimeout(done, 50));
        }
        return "";
    };
    const said = (channel) => new Promise((done) => {
        channel.onmessage = ({ data }) => done(data);
        setTimeout(() => done(""), 2000);
    });
"""
_FRAME = """
    const frame = document.createElement("iframe");
    frame.src = {src};
    document.documentElement.append(frame);
    const text = await until(() => frame.contentDocument.readyState === "complete"
        && frame.contentWindow.location.href !== "about:blank" && frame.contentDocument.body.innerText
        && frame.contentDocument.documentElement.outerHTML);
    frame.remove();
    return text;
"""
_WINDOW = """
    const opened = window.open({src});
    const text = await until(() => opened.location.href !== "about:blank" && opened.document.body.innerText
        && opened.document.documentElement.outerHTML);
    opened?.close();
    return text;
"""
_WORKING = """`fetch(${JSON.stringify(new URL(target, location).href)}, {credentials: "include"})
        .then((answer) => answer.text()).then((text) => new BroadcastChannel("told").postMessage(text))`"""
WAYS = {
    "a request": 'return await (await fetch(target, { credentials: "include" })).text();',
    "an old request": """
    const request = new XMLHttpRequest();
    request.open("GET", target, false);
    request.withCredentials = true;
    request.send();
    return request.responseText;""",
    "a request from another path": """
    history.pushState(null, "", "/hub/home");
    return await (await fetch(target, { credentials: "include" })).text();""",
    "a redirected request": "return await (await fetch(`${own}/lead?${encodeURIComponent(target)}`)).text();",
    "a websocket": """
    const socket = new WebSocket(new URL(target, location).href.replace("http", "ws"));
    return await new Promise((done) => { socket.onopen = () => done("of"); socket.onerror = () => done(""); });""",
    "a frame": _FRAME.replace("{src}", "target"),
    "a redirected frame": _FRAME.replace("{src}", "`${own}/lead?${encodeURIComponent(target)}`"),
    "a window": _WINDOW.replace("{src}", "target"),
    "a frame of its own making": f"""
    const told = said(new BroadcastChannel("told"));
    const frame = document.createElement("iframe");
    frame.srcdoc = "<script>" + {_WORKING} + "</" + "script>";
    document.documentElement.append(frame);
    return await told;""",
    "a window of its own making": f"""
    const told = said(new BroadcastChannel("told"));
    const page = new Blob(["<script>" + {_WORKING} + "</" + "script>"], {{ type: "text/html" }});
    const opened = window.open(URL.createObjectURL(page));
    const text = await told;
    opened?.close();
    return text;""",
    "a worker": f"""
    const told = said(new BroadcastChannel("told"));
    new Worker(URL.createObjectURL(new Blob([{_WORKING}])));
    return await told;""",
    "a worker of its own": f"""
    const told = said(new BroadcastChannel("told"));
    new Worker(URL.createObjectURL(new Blob(["setTimeout(" + JSON.stringify({_WORKING}) + ", 0)"])));
    return await told;""",
}
"""Ways in which a page can read ``target``, or reach it; ``own`` is the path of the hostile session."""


@dataclass(frozen=True)
class Attempted:
    """What a page has read, and what stood in the way."""

    text: str
    refused: str


def try_from(page: Page, way: str, target: str, own: str) -> Attempted:
    """Let a page try to read what another address holds."""
    body = f"async ([target, own]) => {{ {_UNTIL} {WAYS[way]} }}"
    try:
        return Attempted(str(page.evaluate(body, [target, own])), "it read nothing")
    except Exception as refused:  # noqa: BLE001 whatever the browser says
        return Attempted("", str(refused).splitlines()[0])


def cookies_of(context: BrowserContext) -> dict[tuple[str, str, str], str]:
    """Return the cookies of a browser by host, path and name."""
    return {(one["domain"], one["path"], one["name"]): one["value"] for one in context.cookies()}
