"""What Whisul refuses: 429 closes the gate and the header says so, 401 stops all and says how to go on."""

from __future__ import annotations

import re
from collections.abc import Callable

from tests.e2e.acting import JOBS, WRITE, all_in, submit
from tests.e2e.partner import Partner
from tests.e2e.places import Place
from tests.e2e.terminal import Terminal

UNDER_WAY = 0.5  # so long after a 429 a request may still arrive that had left before


def test_a_429_is_shown_and_waited_out_by_everything(
    place: Place, studio: Callable[..., Partner], tui: Callable[..., Terminal]
) -> None:
    partner = studio("--limit", "4/3", "--no-retry-after")
    terminal = tui()
    terminal.wait_for(WRITE)
    for prompt in ("first", "second", "third"):
        submit(terminal, place, prompt)
    terminal.wait_for(re.compile(r"429: waiting [1-5]s"))
    terminal.press("escape")
    terminal.wait_for(JOBS)
    terminal.wait_for(lambda: list(place.states().values()).count("completed") >= 2)
    requests = partner.requests()
    refused = next(request.time for request in requests if request.status == 429)
    after = [request.time - refused for request in requests if request.time > refused]
    assert not [seconds for seconds in after if UNDER_WAY < seconds < 5.0], after
    assert partner.posted_twice() == []
    terminal.press("q")
    assert terminal.wait() == 0


def test_a_refused_key_stops_all_and_K_gives_another(
    place: Place, studio: Callable[..., Partner], tui: Callable[..., Terminal]
) -> None:
    partner = studio()
    right_key = place.variables.pop("WHISUL_API_KEY")
    place.configure(f'api_key = "a-wrong-key"\n{place.config_file.read_text()}')
    terminal = tui()
    terminal.wait_for(WRITE)
    submit(terminal, place, "for another key")
    terminal.wait_for(re.compile(r"key refused.*K"))
    assert [request.status for request in partner.requests()] == [401]
    assert place.states() == {"for another key": "held"}
    terminal.press("escape")
    terminal.wait_for(JOBS)
    terminal.press("K")
    terminal.wait_for("Paste an API key")
    terminal.press("enter")
    terminal.wait_for("paste the key here")
    terminal.paste(right_key)
    terminal.press("enter")
    terminal.wait_for(all_in(place, "completed", jobs=1))
    assert right_key.encode() not in bytes(terminal.raw)
    assert [request.prompt for request in partner.submissions() if request.job_id] == ["for another key"]
    assert right_key in place.config_file.read_text()
    assert right_key not in place.log
    terminal.press("ctrl+q")
    assert terminal.wait() == 0


def test_verbs_end_with_3_where_the_key_is_refused(place: Place, studio: Callable[..., Partner]) -> None:
    studio()
    place.variables["WHISUL_API_KEY"] = "a-wrong-key"
    done = place.run("generate", "for nobody", "--wait")
    assert done.returncode == 3
    assert "key" in done.stderr
    assert "a-wrong-key" not in done.stderr + done.stdout
    assert "Traceback" not in done.stderr
    assert place.states() == {"for nobody": "held"}
