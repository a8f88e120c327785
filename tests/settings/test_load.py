"""Settings: order of the sources, and a sentence for everything that is wrong."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from whisul_tui.paths import Paths, find_paths
from whisul_tui.remapping import remap
from whisul_tui.settings import ROWS, SettingsError, load_settings, read_file, with_key, write_file

KEY = "wh_0123456789abcdefCANARY"


@pytest.fixture
def paths(home: Path) -> Paths:
    return find_paths()


def put(paths: Paths, text: str, mode: int = 0o600) -> None:
    paths.config_file.parent.mkdir(parents=True, exist_ok=True)
    paths.config_file.write_text(text)
    paths.config_file.chmod(mode)


def test_defaults_need_no_file(paths: Paths) -> None:
    settings = load_settings(paths, environ={})
    assert settings.profile.base_url == "https://whisul.com/api"
    assert (settings.profile.poll_min_seconds, settings.profile.poll_max_seconds) == (5, 10)
    assert settings.profile.account == "default@whisul.com"
    assert not settings.is_set_up
    assert set(settings.origins.values()) == {"default"}


def test_order_is_flag_environment_profile_file_default(paths: Paths) -> None:
    put(
        paths,
        'profile = "work"\nundo_seconds = 9\npoll_max_seconds = 20\nbase_url = "https://file.example/api"\n'
        '[profiles.work]\nbase_url = "https://work.example/api"\nundo_seconds = 7\n'
        "[profiles.other]\nundo_seconds = 1\n",
    )
    settings = load_settings(paths, environ={})
    assert settings.profile.name == "work"
    assert settings.profile.base_url == "https://work.example/api"
    assert settings.number("undo_seconds") == 7
    assert settings.profile.poll_max_seconds == 20
    assert settings.origins["undo_seconds"].endswith("[profiles.work]")
    environ = {"WHISUL_BASE_URL": "https://env.example/api/", "WHISUL_PROFILE": "other", "WHISUL_API_KEY": f" {KEY}\n"}
    settings = load_settings(paths, environ=environ)
    assert (settings.profile.name, settings.profile.base_url) == ("other", "https://env.example/api")
    assert settings.number("undo_seconds") == 1
    assert settings.key is not None
    assert settings.key.reveal() == KEY
    assert load_settings(paths, profile="work", environ=environ).profile.name == "work"


def test_local_profile_ignores_key_and_address_of_the_environment(paths: Paths) -> None:
    settings = load_settings(
        paths, profile="local", environ={"WHISUL_API_KEY": KEY, "WHISUL_BASE_URL": "https://x.example"}
    )
    assert settings.key is None
    assert settings.profile.is_local
    assert settings.is_set_up
    assert (settings.profile.poll_min_seconds, settings.profile.poll_max_seconds) == (0.5, 1.0)
    assert settings.profile.account == "local@studio"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("undo_secnds = 3", ["undo_secnds", "did you mean undo_seconds"]),
        ("undo_seconds = -1", ["undo_seconds", "-1", "0 to 60"]),
        ('bell = "yes"', ["bell", "'yes'", "true or false"]),
        ("bell = ", ["not valid TOML"]),
        ('base_url = "http://whisul.com/api"', ["plain http", "https"]),
        ('base_url = "ftp://whisul.com"', ["base_url", "https"]),
        ('base_url = "https://user:pw@whisul.com"', ["base_url"]),
        ("poll_min_seconds = 1", ["poll_min_seconds", "5 or more"]),
        ("poll_min_seconds = nan", ["poll_min_seconds", "nan"]),
        ("poll_max_seconds = 6\npoll_min_seconds = 8", ["poll_max_seconds", "poll_min_seconds (8)"]),
        ("profiles = 3", ["[profiles.NAME]"]),
        ("[profiles.work]\nprofile = 'x'", ["[profiles.work]", "profile"]),
        ('profile = "nowhere"', ["nowhere", "known are"]),
        ("[keys]\nagain = 3", ["[keys]"]),
        ("api_key = 'with blank inside'", ["api_key"]),
        ("a = " + "[" * 5000, ["not valid TOML"]),
    ],
)
def test_wrong_files_are_named(paths: Paths, text: str, words: list[str]) -> None:
    put(paths, text)
    with pytest.raises(SettingsError) as caught:
        load_settings(paths, environ={})
    for word in [*words, "config.toml"] if "nowhere" not in text else words:
        assert word in str(caught.value)


def test_a_key_in_a_file_that_others_read_is_refused_and_not_shown(paths: Paths) -> None:
    put(paths, f'api_key = "{KEY}"', 0o644)
    with pytest.raises(SettingsError, match="chmod 600") as caught:
        load_settings(paths, environ={})
    assert KEY not in str(caught.value)
    put(paths, f'[profiles.a]\napi_key = "{KEY} x"')
    with pytest.raises(SettingsError) as caught:
        load_settings(paths, profile="a", environ={})
    assert KEY not in str(caught.value)


def test_loopback_may_be_asked_more_often(paths: Paths) -> None:
    environ = {"WHISUL_BASE_URL": "http://127.0.0.1:8123/api"}
    put(paths, "poll_min_seconds = 0.5\npoll_max_seconds = 1")
    assert load_settings(paths, environ=environ).profile.poll_min_seconds == 0.5
    with pytest.raises(SettingsError):
        load_settings(paths, environ={})


def test_key_command_runs_without_a_shell(paths: Paths) -> None:
    put(paths, f"api_key_command = \"printf '%s' '{KEY}'\"")
    settings = load_settings(paths, environ={})
    assert settings.key is None
    assert settings.is_set_up
    key = with_key(settings).key
    assert key is not None
    assert key.reveal() == KEY
    put(paths, 'api_key_command = "false"')
    with pytest.raises(SettingsError, match="ended with 1"):
        with_key(load_settings(paths, environ={}))
    put(paths, 'api_key_command = "/nonexistent/command"')
    with pytest.raises(SettingsError, match="cannot be run"):
        with_key(load_settings(paths, environ={}))


def test_profiles_with_the_same_key_share_a_gate(paths: Paths) -> None:
    put(paths, f'api_key = "{KEY}"\n[profiles.a]\n[profiles.b]\n[profiles.c]\napi_key = "other-key-1234567890"')
    gates = {}
    for name in "abc":
        settings = load_settings(paths, profile=name, environ={})
        gates[name] = settings.profile.gate(settings.key)
        assert KEY not in gates[name]
    assert gates["a"] == gates["b"] != gates["c"]


@pytest.mark.parametrize(
    ("text", "is_doubted"),
    [(f'api_key = "{KEY}"\n', True), (f'[profiles.work]\napi_key = "{KEY}"\n', True), ("bell = true\n", False)],
)
def test_a_key_behind_a_symbolic_link_is_doubted(paths: Paths, tmp_path: Path, text: str, is_doubted: bool) -> None:
    """A link into a folder of dot files is how a key comes into a repository."""
    put(paths, text)
    assert load_settings(paths, environ={}).doubts == ()
    real = tmp_path / "dotfiles.toml"
    paths.config_file.rename(real)
    paths.config_file.symlink_to(real)
    doubts = load_settings(paths, environ={}).doubts
    assert bool(doubts) is is_doubted
    if doubts:
        assert str(real) in doubts[0]
        assert "chmod 600" in doubts[0]
        assert KEY not in doubts[0]


def test_writing_is_whole_and_private(paths: Paths) -> None:
    write_file(paths.config_file, {"api_key": KEY, "profiles": {"a": {"undo_seconds": 1}}})
    assert paths.config_file.stat().st_mode & 0o777 == 0o600
    assert read_file(paths.config_file)["profiles"]["a"]["undo_seconds"] == 1
    assert [p.name for p in paths.config_file.parent.iterdir()] == ["config.toml"]


def explanation(paths: Paths) -> str | None:
    try:
        load_settings(paths, environ={})
    except SettingsError as error:
        return str(error)
    return None


NAMES = st.sampled_from([row.name.split(".")[0] for row in ROWS] + ["profiles", "keys", "nonsense"])
VALUES = st.recursive(
    st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=6,
)


@hypothesis_settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(content=st.dictionaries(NAMES, VALUES, max_size=5))
def test_any_file_loads_or_explains(paths: Paths, content: dict[str, object]) -> None:
    try:
        write_file(paths.config_file, content)
    except UnicodeEncodeError:
        return
    sentence = explanation(paths)
    assert sentence is None or any(word in sentence for word in ("allowed", "known are", "TOML", "did you mean"))
    assert isinstance(tomllib.loads(paths.config_file.read_text()), dict)


@pytest.mark.parametrize(
    ("text", "has_key", "has_command"),
    [
        (f'api_key = "{KEY}"\n[profiles.work]\napi_key_command = "pass work"\n', False, True),
        (f'api_key_command = "pass"\n[profiles.work]\napi_key = "{KEY}"\n', True, False),
        (f'api_key = "{KEY}"\napi_key_command = "pass"\n[profiles.work]\nbell = true\n', True, False),
    ],
)
def test_the_key_of_the_nearest_place_counts(paths: Paths, text: str, has_key: bool, has_command: bool) -> None:
    """The key at the top of the file must not go where a profile has a command for its own."""
    put(paths, text)
    settings = load_settings(paths, profile="work", environ={})
    assert (settings.key is not None, settings.key_command is not None) == (has_key, has_command)


@hypothesis_settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    raw=st.binary(max_size=80)
    | st.text(alphabet="abel= \n\"'[].#{}0123truefals_\u0000\x1b", max_size=60).map(str.encode)
)
def test_any_bytes_load_or_explain(paths: Paths, raw: bytes) -> None:
    paths.config_file.parent.mkdir(parents=True, exist_ok=True)
    paths.config_file.write_bytes(raw)
    paths.config_file.chmod(0o600)
    sentence = explanation(paths)
    assert sentence is None or (str(paths.config_file) in sentence and sentence.isprintable())


@hypothesis_settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    values=st.fixed_dictionaries({}, optional={row.name: VALUES for row in ROWS if "." not in row.name}),
    name=st.text(max_size=8),
    keys=st.dictionaries(st.text(max_size=8), VALUES, max_size=3),
)
def test_any_profile_and_keys_load_or_name_file_and_setting(
    paths: Paths, values: dict[str, object], name: str, keys: dict[str, object]
) -> None:
    try:
        write_file(paths.config_file, {"keys": keys, "profiles": {name: values}})
    except UnicodeEncodeError:
        return
    sentence = explanation(paths)
    if sentence is None:
        remap(load_settings(paths, environ={}).keys)
    else:
        assert str(paths.config_file) in sentence
        assert any(word in sentence for word in ("allowed", "did you mean", "known are", "chmod 600"))
