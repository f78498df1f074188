"""``python beyond.py ADDRESS FILE PORT…``: the machine beyond. It says hello on its ports, and answers for names.

``flip.example`` leads to ADDRESS and to 127.0.0.1 in turn, with answers that hold for no second: an attacker's name.
All other names are unknown. Each name that was asked for is a line of FILE.
"""

import http.server
import itertools
import socket
import struct
import sys
import threading
from pathlib import Path


class Hello(http.server.BaseHTTPRequestHandler):
    """Says on which of its addresses it was asked."""

    def do_GET(self):
        words = f"hello from {self.connection.getsockname()[0]}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(words)))
        self.end_headers()
        self.wfile.write(words)

    def log_message(self, *arguments):
        pass


def answer_for_names(address: str, asked: Path) -> None:
    """Answer questions for addresses (RFC 1035) without end."""
    turns = itertools.cycle([address, "127.0.0.1"])
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind((address, 53))
        while True:
            question, sender = server.recvfrom(512)
            end = question.index(b"\0", 12) + 5
            kind = struct.unpack("!H", question[end - 4 : end - 2])[0]
            with asked.open("ab") as file:
                file.write(question[12 : end - 4] + b"\n")
            known = question[12:end].lower().startswith(b"\x04flip\x07example\0")
            found = b""
            if known and kind == 1:
                found = b"\xc0\x0c" + struct.pack("!HHIH", 1, 1, 0, 4) + socket.inet_aton(next(turns))
            flags = 0x8180 if known else 0x8183
            head = question[:2] + struct.pack("!HHHHH", flags, 1, 1 if found else 0, 0, 0)
            server.sendto(head + question[12:end] + found, sender)


def main() -> None:
    address, asked, *ports = sys.argv[1:]
    for port in ports:
        server = http.server.ThreadingHTTPServer(("0.0.0.0", int(port)), Hello)  # noqa: S104 - all of its addresses
        threading.Thread(target=server.serve_forever).start()
    answer_for_names(address, Path(asked))


if __name__ == "__main__":
    main()
