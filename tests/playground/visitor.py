"""The playground as a visitor has it: `run.py` as a process, and what one does on its page."""

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import FrameLocator, Locator, Page, expect

RUN = Path(__file__).parents[2] / "run.py"
STOP_SECONDS = 10
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync"]

needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here; on Debian: apt-get install chromium")


def start(folder: Path, *options: str) -> subprocess.Popen[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("DISCORD", "MOONBALLOT"))}
    command = [sys.executable, str(RUN), "playground", *options]
    return subprocess.Popen(
        command, cwd=folder, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def address_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        if found := re.search(r"http://127\.0\.0\.1:\d+", line):
            return found[0]
    _, errors = process.communicate(timeout=STOP_SECONDS)
    raise AssertionError(f"the playground did not start:\n{errors}")


def stop(process: subprocess.Popen[str], number: signal.Signals = signal.SIGTERM) -> int:
    process.send_signal(number)
    process.communicate(timeout=STOP_SECONDS)
    return process.returncode


def visit(page: Page, address: str) -> None:
    page.goto(address)
    expect(messages(page).get_by_text("Welcome to the playground")).to_be_visible(timeout=15_000)
    # Pictures that come late would move what is clicked.
    expect(channel(page).locator("#preview-app")).to_have_attribute("aria-busy", "false", timeout=15_000)


def channel(page: Page) -> FrameLocator:
    return page.frame_locator("#frame")


def messages(page: Page) -> Locator:
    return channel(page).locator("#channel-message-list")


def board(page: Page) -> Locator:
    return messages(page).locator(".channel-message").filter(has=page.get_by_role("button", name="My ballot")).first


def run_command(page: Page, command: str) -> None:
    channel(page).locator("#channel-composer-input").click()
    page.keyboard.type(command)
    expect(channel(page).locator(".command-entry").first).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
