"""The playground as a visitor has it: `run.py` as a process, and a real browser."""

import re
import signal
import socket
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.playground.visitor import (
    address_of,
    board,
    channel,
    messages,
    needs_chromium,
    run_command,
    start,
    stop,
    visit,
)

START_SECONDS = 30
PICTURE_SECONDS = 5
MIN_PICTURE_WIDTH = 300
ENGINE_SECONDS = 20
BOARD_SECONDS = 8
"""A board is edited at most every 5 s."""
STILL_PX = 40
"""A change above what one reads may move it by a line."""


def expect_picture(message: Locator) -> None:
    picture = message.locator("img[alt]:not([alt=''])").last
    expect(picture).to_be_visible()
    end = time.monotonic() + PICTURE_SECONDS
    while picture.evaluate("image => image.naturalWidth") < MIN_PICTURE_WIDTH:
        assert time.monotonic() < end, "the picture was not drawn"
        time.sleep(0.05)


def vote(page: Page) -> None:
    """Press the board's button and pick the candidate that is not picked yet."""
    ballot = messages(page).locator(".channel-message").filter(has=page.locator(".select-trigger")).last
    board(page).get_by_role("button", name="Vote").click()
    expect(ballot).to_be_visible()
    ballot.locator(".select-trigger").click()
    channel(page).locator(".select-option:not(.is-selected)").last.click()


@needs_chromium
def test_rankings_come_with_a_picture(page: Page) -> None:
    run_command(page, "/rankings")
    answer = messages(page).locator(".channel-message").filter(has_text="used /rankings").last
    expect(answer).to_contain_text("Only you can see this")
    expect_picture(answer)


@needs_chromium
def test_a_vote_changes_the_board(page: Page) -> None:
    before = board(page).inner_text()
    vote(page)
    expect(messages(page).get_by_text("Recorded").last).to_be_visible()
    expect(board(page)).not_to_have_text(before, timeout=BOARD_SECONDS * 1000)


@needs_chromium
def test_a_board_that_changes_leaves_what_is_being_typed(page: Page) -> None:
    other = page.context.new_page()
    visit(other, f"{page.url.split('#')[0]}#general/moderator")
    typing = channel(page).locator("#channel-composer-input")
    typing.click()
    page.keyboard.type("half a thought")
    before = board(page).inner_text()
    vote(other)
    page.bring_to_front()
    expect(board(page)).not_to_have_text(before, timeout=BOARD_SECONDS * 1000)
    expect(typing).to_have_value("half a thought")
    expect(typing).to_be_focused()


@needs_chromium
def test_who_reads_further_up_is_left_there_when_something_changes(page: Page) -> None:
    run_command(page, "/rankings")
    expect_picture(messages(page).locator(".channel-message").filter(has_text="used /rankings").last)
    timeline = channel(page).locator("#channel-timeline")
    timeline.hover()
    page.mouse.wheel(0, -5000)
    expect(board(page)).to_be_in_viewport()
    at = timeline.evaluate("timeline => timeline.scrollTop")
    before = board(page).inner_text()
    other = page.context.new_page()
    visit(other, f"{page.url.split('#')[0]}#general/moderator")
    vote(other)
    page.bring_to_front()
    expect(board(page)).not_to_have_text(before, timeout=BOARD_SECONDS * 1000)
    page.wait_for_timeout(300)
    assert abs(timeline.evaluate("timeline => timeline.scrollTop") - at) < STILL_PX


@needs_chromium
def test_the_schedule_has_posted_to_announcements(page: Page) -> None:
    page.get_by_role("button", name="#announcements").click()
    posts = messages(page).locator(".channel-message")
    expect_picture(posts.last)


@needs_chromium
def test_only_a_moderator_gets_into_the_moderators_channel(page: Page) -> None:
    expect(page.get_by_role("button", name="#mod-log")).to_be_disabled()
    page.get_by_role("radio", name="Moderator").check()
    page.get_by_role("button", name="#mod-log").click()
    expect(channel(page).get_by_placeholder("Message #mod-log")).to_be_visible()
    page.get_by_role("radio", name="Member").check()
    expect(channel(page).get_by_placeholder("Message #general")).to_be_visible()


@needs_chromium
def test_a_chip_puts_its_command_into_the_message_box(page: Page) -> None:
    page.get_by_role("button", name="/project show").click()
    expect(channel(page).locator(".command-chip")).to_have_text("/project show")


@needs_chromium
def test_a_moderator_plans_previews_pauses_and_resumes_an_announcement_by_clicking(page: Page) -> None:
    page.get_by_role("radio", name="Moderator").check()
    page.get_by_role("button", name="/announce add").click()
    suggestion = channel(page).locator(".command-suggestion")
    suggestion.filter(has_text="rankings").click()
    suggestion.filter(has_text="general").click()
    channel(page).locator(".command-ghost").click()
    suggestion.filter(has_text="every").first.click()
    page.keyboard.type("minute")
    suggestion.filter(has_text="every minute").click()
    channel(page).locator("#send-message").click()
    shown = messages(page).locator(".channel-message")
    expect(shown.last).to_contain_text("Announcement planned")
    shown.last.get_by_role("button", name="Preview").click()
    preview = shown.filter(has_text="This is what it would post now")
    expect_picture(preview)
    preview.get_by_role("button", name="Pause").click()
    answer = shown.filter(has=page.get_by_role("button", name="Resume"))
    expect(answer).to_contain_text("Paused")
    answer.get_by_role("button", name="Resume").click()
    resumed = shown.filter(has_text="It goes on")
    expect(resumed).to_be_visible()
    posts = shown.filter(has_not_text="Only you can see this").filter(has_text="Open · closes")
    expect(posts.last).to_be_visible(timeout=75_000)
    # Its posts would come into what follows here.
    resumed.get_by_role("button", name="Remove").click()
    shown.get_by_role("button", name="Remove it").click()
    expect(shown.filter(has_text="Announcement removed")).to_be_visible()


@needs_chromium
def test_a_link_to_a_message_leads_to_it_here(page: Page) -> None:
    page.get_by_role("radio", name="Moderator").check()
    page.get_by_role("button", name="/announce list").click()
    expect(channel(page).locator(".command-chip")).to_have_text("/announce list")
    page.keyboard.press("Enter")
    messages(page).locator("a[href^='https://discord.com/channels/']").last.click()
    expect(page).to_have_title(re.compile("^#announcements"))
    expect(messages(page).locator(".playground-found")).to_be_visible()


def write(page: Page, text: str) -> Locator:
    """Send a message; give the answer that comes to it."""
    rated = page.get_by_role("button", name="Not helpful")
    answers = messages(page).locator(".channel-message").filter(has=rated)
    before = answers.count()
    channel(page).locator("#channel-composer-input").click()
    page.keyboard.type(text)
    page.keyboard.press("Enter")
    expect(answers).to_have_count(before + 1, timeout=ENGINE_SECONDS * 1000)
    return answers.last


@needs_chromium
def test_a_question_without_an_answer_is_taught_and_answered_at_once(page: Page) -> None:
    question = "@Moonballot where is the secret handshake of our club written down"
    expect(write(page, question)).not_to_contain_text("Sources")

    page.get_by_role("radio", name="Moderator").check()
    page.get_by_role("button", name="/answers gaps").click()
    expect(channel(page).locator(".command-chip")).to_have_text("/answers gaps")
    page.keyboard.press("Enter")
    gap = messages(page).get_by_text("Questions that need an answer").last
    expect(gap).to_be_visible()
    messages(page).get_by_role("button", name="Teach").last.click()
    form = channel(page).get_by_role("dialog")
    form.get_by_label("Answer").fill("In the pinned message.")
    form.get_by_label("Source: its title").fill("Club rules")
    form.get_by_label("Source: its address").fill("https://club.example.org/rules")
    form.get_by_role("button", name="Submit").click()
    messages(page).get_by_role("button", name="Publish").last.click()
    expect(messages(page).get_by_text("Members of this server get this answer")).to_be_visible()

    page.get_by_role("radio", name="Member").check()
    expect(messages(page).get_by_text("Members of this server get this answer")).to_be_hidden()
    answer = write(page, question)
    expect(answer).to_contain_text("In the pinned message.")
    expect(answer.get_by_role("link", name="Club rules")).to_have_attribute("href", "https://club.example.org/rules")


@needs_chromium
def test_a_direct_message_is_answered(page: Page) -> None:
    page.get_by_role("button", name="Direct messages with the bot").click()
    expect(channel(page).get_by_placeholder("Message @Moonballot")).to_be_visible()
    expect(write(page, "what is a snapshot?")).to_contain_text("Sources")


@needs_chromium
def test_a_messages_menu_has_the_bots_commands(page: Page) -> None:
    write(page, "@Moonballot what is a snapshot?")
    asked = messages(page).locator(".channel-message").filter(has_text="what is a snapshot?").last
    asked.click(button="right")
    channel(page).get_by_role("menuitem", name="Answer this").click()
    expect(messages(page).get_by_text("used Answer this").last).to_be_visible()


@needs_chromium
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_fits_a_phone(browser: Browser, address: str, scheme: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(address)
    expect(board(page)).to_be_visible(timeout=15_000)
    widths = [frame.evaluate("document.documentElement.scrollWidth") for frame in page.frames]
    context.close()
    assert widths == [390, 390]


@needs_chromium
def test_the_page_asks_no_other_machine(page: Page, address: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    run_command(page, "/rankings")
    expect(messages(page).get_by_text("used /rankings").last).to_be_visible()
    assert asked
    assert [url for url in asked if not url.startswith((f"{address}/", "blob:", "data:"))] == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_in_order(tmp_path: Path, number: signal.Signals) -> None:
    process = start(tmp_path, "--port", "0")
    address_of(process)
    assert stop(process, number) == 0


def test_a_taken_port_is_one_plain_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = start(tmp_path, "--port", str(port))
        output, errors = process.communicate(timeout=START_SECONDS)
    assert process.returncode == 2
    assert output == ""
    [line] = errors.splitlines()
    assert f"port {port}" in line


def polls_after_a_visit(folder: Path, *options: str) -> list[str]:
    process = start(folder, "--port", "0", *options)
    address_of(process)
    assert stop(process) == 0
    with closing(sqlite3.connect(folder / "var" / "playground.db")) as database:
        return [created_at for (created_at,) in database.execute("SELECT created_at FROM polls")]


def test_votes_stay_until_the_visitor_begins_anew(tmp_path: Path) -> None:
    first, again, anew = (polls_after_a_visit(tmp_path, *options) for options in ((), (), ("--fresh",)))
    assert len(first) == 1
    assert again == first
    assert len(anew) == 1
    assert anew != first
