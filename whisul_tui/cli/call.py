"""What a verb is called with."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from urllib.parse import urlsplit

from whisul_tui import logs
from whisul_tui.cli.exits import Exit, VerbError
from whisul_tui.cli.output import Output
from whisul_tui.paths import Paths
from whisul_tui.settings import Settings, load_settings, with_key

WITHOUT_OPTIONS = {"profile": None, "data_dir": None, "calm": False}


@dataclass(frozen=True, slots=True)
class Call:
    """The parsed command line, the paths in force and where the output goes."""

    args: SimpleNamespace
    paths: Paths
    out: Output

    def take_plain(self) -> None:
        """Obeys `--plain`, where it was given; raises VerbError beside `--json`."""
        if self.args.plain and self.args.json:
            raise VerbError("--plain and --json exclude each other.")
        if self.args.plain:
            self.out.be_plain()

    def settings(self) -> Settings:
        """The settings in force, the key's command not yet run; raises SettingsError."""
        settings = load_settings(self.paths, profile=self.args.profile)
        logs.hide(settings.key)
        self.out.choose_glyphs(settings.text("glyphs"))
        return settings

    def with_key(self, settings: Settings) -> Settings:
        """The settings with the key that a command prints, where one is to be run; raises SettingsError."""
        settings = with_key(settings)
        logs.hide(settings.key)
        return settings

    def settings_with_key(self) -> Settings:
        """The settings of a verb that talks to Whisul.

        Raises SettingsError, ConfigurationProblem where the environment's proxy or certificates cannot be used, and
        VerbError where there is no key.
        """
        settings = self.with_key(self.settings())
        for doubt in settings.doubts:
            self.out.note(f"whisul-tui: {doubt}")
        if settings.key is None and not settings.profile.is_local:
            raise VerbError(
                f"There is no API key for the profile {settings.profile.name}. Set WHISUL_API_KEY, or write api_key or"
                f" api_key_command into {self.paths.config_file}, or use --local for the studio without an account.",
                Exit.KEY,
            )
        scheme = urlsplit(settings.profile.base_url).scheme
        if scheme == "https" and not settings.profile.is_local:
            from whisul_tui.api.connections import check_environment

            check_environment(scheme)
        return settings
