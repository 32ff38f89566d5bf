"""Draw the pictures of the README anew: `python docs/make_pictures.py`, from the playground, with Chromium.

The playground runs as a process with a new database in a temporary folder; a browser does what a visitor would do.
"""

import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, FrameLocator, Locator, Page, expect, sync_playwright

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "pictures"
FIRST_BALLOTS = 8
"""What the demo's members have cast when the playground opens."""
MAX_BYTES = 280_000
COLOURS = 256
MARGIN = 10
"""Around a card, in CSS pixels."""
PATIENCE_MS = 15_000
TRIES = 20
# The desk is tall enough to show all of a visit at once: nothing has to be scrolled to.
DESK, PHONE = {"width": 690, "height": 4400}, {"width": 390, "height": 844}
PICTURES_DRAWN = """async message => {
    const blank = (image) => image.offsetWidth && !image.naturalWidth;
    for (let tries = 0; tries < 200 && [...message.querySelectorAll("img")].some(blank); tries += 1)
        await new Promise((done) => setTimeout(done, 50));
}"""
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def playground() -> Iterator[str]:
    """Run a playground of its own; give its address."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("DISCORD", "MOONBALLOT"))}
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(  # noqa: S603 - it is this Python and our own file
            [sys.executable, str(ROOT / "run.py"), "playground", "--port", "0"],
            cwd=folder,
            env=environment,
            text=True,
            stdout=subprocess.PIPE,
        )
        try:
            yield _address(process)
        finally:
            process.terminate()
            process.communicate()


def _address(process: subprocess.Popen[str]) -> str:
    for line in process.stdout or ():
        if found := re.search(r"http://127\.0\.0\.1:\d+", line):
            return found[0]
    raise SystemExit("The playground did not start.")


@contextmanager
def visit(browser: Browser, address: str, size: dict[str, int]) -> Iterator[Page]:
    """Open the playground in a tab of a size, at twice the resolution."""
    context = browser.new_context(
        viewport={"width": size["width"], "height": size["height"]},
        device_scale_factor=2,
        color_scheme="dark",
        locale="en-GB",
        timezone_id="UTC",
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(address)
    expect(board(page)).to_contain_text(f"{FIRST_BALLOTS} ballots", timeout=PATIENCE_MS)
    expect(channel(page).locator("#preview-app")).to_have_attribute("aria-busy", "false", timeout=PATIENCE_MS)
    yield page
    context.close()


def channel(page: Page) -> FrameLocator:
    """Return the simulated channel inside the page."""
    return page.frame_locator("#frame")


def messages(page: Page) -> Locator:
    """Return the channel's list of messages."""
    return channel(page).locator("#channel-message-list")


def board(page: Page) -> Locator:
    """Return the message that is the poll's board."""
    return messages(page).locator(".channel-message").filter(has=page.get_by_role("button", name="My ballot"))


def command(page: Page, name: str, *values: str, pick: bool = True) -> Locator:
    """Type a command with its required options; `pick` takes each from the list that appears. Return the answer."""
    answers = messages(page).locator(".channel-message").filter(has_text=f"used {name.split()[0]}")
    before = answers.count()
    channel(page).locator("#channel-composer-input").click()
    page.keyboard.type(name)
    expect(channel(page).locator(".command-entry").first).to_be_visible()
    page.keyboard.press("Enter")
    fields = channel(page).locator(".command-option-input")
    for number, value in enumerate(values):
        fields.nth(number).fill(value)
        if pick:
            channel(page).locator(".command-suggestion", has_text=value).first.click()
    channel(page).locator(".command-chip").press("Enter")
    expect(answers).to_have_count(before + 1)
    return answers.last


def vote(page: Page, candidate: str) -> Locator:
    """Vote on the board; return the reply."""
    messages(page).get_by_role("button", name="Vote").click()
    channel(page).locator(".select-trigger").last.click()
    channel(page).locator(".select-option", has_text=candidate).click()
    reply = messages(page).locator(".channel-message").filter(has_text="Vote recorded")
    expect(reply).to_be_visible()
    return reply


def card(message: Locator) -> Locator:
    """Return the coloured box of a message."""
    return message.locator(".component-container").first


def save(name: str, page: Page, shown: Locator | None = None) -> None:
    """Write one picture: of the tab, or of what is shown in it with a margin."""
    page.mouse.move(0, 0)
    png = page.screenshot(animations="disabled", caret="hide") if shown is None else _cut_out(page, shown)
    image = Image.open(io.BytesIO(png)).convert("RGB")
    path = PICTURES / f"{name}.png"
    image.save(path, optimize=True)
    if path.stat().st_size > MAX_BYTES:
        image.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    size = path.stat().st_size
    print(f"{path.relative_to(ROOT)}  {image.width} x {image.height}  {size / 1000:.0f} kB")  # noqa: T201
    if size > MAX_BYTES:
        raise SystemExit(f"{path.name} is larger than {MAX_BYTES / 1000:.0f} kB.")


def _cut_out(page: Page, shown: Locator) -> bytes:
    """Take what is shown once it stands still: the channel moves when something comes in or has been read."""
    expect(shown).to_be_visible()
    shown.evaluate(PICTURES_DRAWN)
    for _ in range(TRIES):
        box = shown.bounding_box()
        clip = box and {
            "x": max(0, box["x"] - MARGIN),
            "y": max(0, box["y"] - MARGIN),
            "width": box["width"] + 2 * MARGIN,
            "height": box["height"] + 2 * MARGIN,
        }
        png = page.screenshot(clip=clip, animations="disabled", caret="hide")
        if box is not None and shown.bounding_box() == box:
            return png
    raise SystemExit("The channel does not come to rest.")


def draw(browser: Browser, address: str) -> None:
    """Do what a visitor does, and write a picture of each thing."""
    with visit(browser, address, PHONE) as page:
        save("phone", page)
    with visit(browser, address, DESK) as page:
        save("ballot", page, card(vote(page, "Starknet")))
        save("rankings", page, command(page, "/rankings"))
        expect(board(page)).to_contain_text(f"{FIRST_BALLOTS + 1} ballots", timeout=PATIENCE_MS)
        save("board", page, card(board(page)))
        save("project", page, card(command(page, "/project show", "Starknet")))
        save("compare", page, card(command(page, "/project compare", "Starknet", "LayerZero")))
        save("answer", page, card(command(page, "/ask", "can i still claim strk?", pick=False)))
        save("link", page, card(command(page, "/link check", "https://starknet-claim.xyz/airdrop", pick=False)))
        page.get_by_role("button", name="#announcements").click()
        post = messages(page).locator(".channel-message").first
        expect(post).to_contain_text("As of")
        save("announcement", page, post)


def main() -> None:
    """Write all pictures."""
    chromium = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if chromium is None:
        raise SystemExit("There is no Chromium here; on Debian: apt-get install chromium")
    PICTURES.mkdir(exist_ok=True)
    with playground() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        draw(browser, address)
        browser.close()


if __name__ == "__main__":
    main()
