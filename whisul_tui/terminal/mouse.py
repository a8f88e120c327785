"""The mouse of a running program, on and off: what the terminal is asked to report."""

from __future__ import annotations

from textual.drivers.linux_driver import LinuxDriver


def set_mouse(driver: object, on: bool) -> None:
    """Asks the terminal for the mouse's events, or to keep them; a driver without a terminal has none to ask."""
    if isinstance(driver, LinuxDriver):
        driver._mouse = True  # without it neither is asked for
        driver._enable_mouse_support() if on else driver._disable_mouse_support()
        driver._mouse = on  # and after a pause as it is now
        driver.flush()
