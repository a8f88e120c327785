"""A Whisul in a process of its own that writes down every submission before it answers: the judge of what was paid for.

The prompt's first word says how it is answered: `202`, `429` (the first time, then 202), `timeout` (never).
"""

from __future__ import annotations

import json
import os
import socket
import threading
from pathlib import Path
from typing import Any


def serve(listening: socket.socket, log: Path) -> None:
    """Answers for ever; each connection on a thread of its own."""
    handle = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    refused: set[str] = set()
    lock = threading.Lock()
    while True:
        connection, _ = listening.accept()
        threading.Thread(target=_talk, args=(connection, handle, refused, lock), daemon=True).start()


def entries(log: Path) -> list[dict[str, Any]]:
    """All submissions so far, in the order of their arrival."""
    return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []


def _talk(connection: socket.socket, log: int, refused: set[str], lock: threading.Lock) -> None:
    with connection:
        while (request := _read(connection)) is not None:
            method, headers, body = request
            if method == "GET":
                _answer(connection, 200, {"status": "running"})
                continue
            prompt = json.loads(body)["prompt"]
            kind = prompt.split()[0]
            with lock:
                limited = kind == "429" and prompt not in refused
                refused.add(prompt)
            job_id = None if limited else f"job-{headers['idempotency-key']}-{os.urandom(3).hex()}"
            entry = {"prompt": prompt, "client_id": headers["idempotency-key"], "job_id": job_id}
            os.write(log, (json.dumps(entry) + "\n").encode())
            if kind == "timeout":
                connection.recv(1)  # until the client goes
                return
            if limited:
                _answer(connection, 429, {"error": "Rate limit exceeded."})
            else:
                _answer(connection, 202, {"job_id": job_id})


def _read(connection: socket.socket) -> tuple[str, dict[str, str], bytes] | None:
    data = b""
    try:
        while b"\r\n\r\n" not in data:
            chunk = connection.recv(65536)
            if not chunk:
                return None
            data += chunk
        head, _, body = data.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        while len(body) < int(headers.get("content-length", "0")):
            chunk = connection.recv(65536)
            if not chunk:
                return None
            body += chunk
    except OSError:
        return None
    return first.split()[0], headers, body


def _answer(connection: socket.socket, status: int, body: dict[str, Any]) -> None:
    content = json.dumps(body).encode()
    head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    try:
        connection.sendall(head.encode() + content)
    except OSError:
        return  # the client was killed meanwhile
