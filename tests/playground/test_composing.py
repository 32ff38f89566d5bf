"""Composing a command and a message in the playground, as one does it in Discord."""

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.playground.visitor import channel, messages, needs_chromium, run_command, visit

pytestmark = needs_chromium
PHONE = {"width": 390, "height": 844}


def compose(page: Page, command: str) -> None:
    """Type a command's name and take it from the list."""
    channel(page).locator("#channel-composer-input").click()
    page.keyboard.type(command)
    expect(channel(page).locator(".command-entry strong").first).to_have_text(command)
    page.keyboard.press("Enter")
    expect(channel(page).locator(".command-chip")).to_have_text(command)


def suggestions(page: Page) -> Locator:
    return channel(page).locator(".command-suggestion")


def add_option(page: Page, name: str) -> None:
    channel(page).locator(".command-ghost").click()
    suggestions(page).filter(has_text=name).first.click()


def pill(page: Page, name: str) -> Locator:
    return channel(page).locator(f'.command-pill[data-option="{name}"]')


def answer_to(page: Page, command: str) -> Locator:
    return messages(page).locator(".channel-message").filter(has_text=f"used {command}").last


@pytest.fixture
def moderator(page: Page, address: str) -> Page:
    """Open the page a second time, as a moderator."""
    other = page.context.new_page()
    visit(other, f"{address}#general/moderator")
    return other


def test_a_long_command_keeps_its_send_arrow_on_a_phone(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport=PHONE, has_touch=True)  # type: ignore[arg-type]
    page = context.new_page()
    visit(page, f"{address}#general/moderator")
    compose(page, "/poll open")
    page.keyboard.type("What do we wait for, all of us together?")
    add_option(page, "projects")
    page.keyboard.type("Red, Green, Blue, Yellow, Orange, Violet")
    send = channel(page).locator("#send-message")
    for part in (send, pill(page, "title"), pill(page, "projects"), channel(page).locator("#channel-timeline")):
        box = part.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE["width"]
    send.tap()
    expect(answer_to(page, "/poll open")).to_be_visible()
    context.close()


def test_a_list_is_offered_before_a_letter_is_typed(moderator: Page) -> None:
    compose(moderator, "/announce preview")
    expect(suggestions(moderator).first).to_contain_text("rankings every minute")


def test_what_was_picked_is_shown_by_its_name_and_sent_by_its_key(moderator: Page) -> None:
    compose(moderator, "/announce preview")
    suggestions(moderator).first.click()
    expect(pill(moderator, "schedule")).to_contain_text("rankings every minute")
    expect(suggestions(moderator)).to_have_count(0)
    moderator.keyboard.press("Enter")
    expect(answer_to(moderator, "/announce preview")).to_contain_text("This is what it would post now")


def test_what_was_picked_can_be_typed_over(page: Page) -> None:
    compose(page, "/rankings")
    suggestions(page).filter(has_text="poll").click()
    suggestions(page).first.click()
    field = pill(page, "poll").locator("input")
    expect(field).not_to_have_value("")
    field.click()
    page.keyboard.type("W")
    expect(field).to_have_value("W")
    expect(pill(page, "poll").locator(".playground-picked")).to_have_count(0)


def test_what_is_typed_stands_whole_in_its_box(page: Page) -> None:
    compose(page, "/ask")
    page.keyboard.type("what do millions of moderators mean by a snapshot?")
    field = pill(page, "question").locator("input")
    assert field.evaluate("field => field.scrollWidth <= field.clientWidth")


def test_enter_after_a_channel_sends_the_command_with_it(moderator: Page) -> None:
    compose(moderator, "/setup log_channel")
    suggestions(moderator).filter(has_text="channel").click()
    moderator.keyboard.insert_text("mod")
    moderator.keyboard.press("Enter")
    expect(channel(moderator).locator(".command-mention")).to_have_text("#mod-log")
    moderator.keyboard.press("Enter")
    expect(answer_to(moderator, "/setup log_channel")).to_contain_text("#mod-log")


def test_an_option_that_was_emptied_is_asked_for_instead_of_left_out(moderator: Page) -> None:
    compose(moderator, "/setup notices_channel")
    suggestions(moderator).filter(has_text="channel").click()
    suggestions(moderator).filter(has_text="general").click()
    channel(moderator).locator(".command-mention").click()
    channel(moderator).locator("#send-message").click()
    expect(pill(moderator, "channel")).to_contain_text("Choose a value")
    expect(channel(moderator).locator(".command-chip")).to_be_visible()


def test_each_option_says_what_it_is_for(moderator: Page) -> None:
    compose(moderator, "/poll open")
    channel(moderator).locator(".command-ghost").click()
    expect(suggestions(moderator).filter(has_text="closes_in")).to_contain_text("How long it runs")


def test_a_value_that_is_too_long_is_refused_with_its_limit(page: Page) -> None:
    compose(page, "/link check")
    page.keyboard.insert_text("x" * 2100)
    page.keyboard.press("Enter")
    error = pill(page, "url").locator(".command-error")
    expect(error).to_have_text("It may have 1 to 2000 characters; this has 2100.")
    expect(error).to_be_in_viewport(ratio=1)


def test_leaving_a_command_leaves_nothing_of_it_behind(page: Page) -> None:
    compose(page, "/link check")
    channel(page).get_by_role("button", name="Exit command mode").click()
    expect(channel(page).locator("#channel-composer-input")).to_have_value("")


def test_the_answer_to_a_command_comes_into_view_and_the_next_can_be_typed(page: Page) -> None:
    run_command(page, "/project list")
    answer = answer_to(page, "/project list")
    expect(answer).to_be_in_viewport()
    expect(channel(page).locator("#channel-composer-input")).to_be_focused()
    timeline = channel(page).locator("#channel-timeline")
    page.wait_for_timeout(500)
    assert timeline.evaluate("box => box.scrollHeight - box.scrollTop - box.clientHeight") <= 1


def test_a_form_opens_in_its_first_field(moderator: Page) -> None:
    compose(moderator, "/answers teach")
    moderator.keyboard.type("where is the handshake?")
    moderator.keyboard.press("Enter")
    form = channel(moderator).get_by_role("dialog")
    expect(form.locator("input").first).to_be_focused()


def test_a_file_comes_by_its_name(page: Page) -> None:
    run_command(page, "/privacy export")
    name = answer_to(page, "/privacy export").locator(".file-name")
    with page.expect_download() as download:
        name.click()
    assert download.value.suggested_filename == name.inner_text()


def test_an_at_sign_offers_the_bots_name(page: Page) -> None:
    box = channel(page).locator("#channel-composer-input")
    box.click()
    page.keyboard.type("hello @mo")
    page.keyboard.press("Enter")
    expect(box).to_have_value("hello @Moonballot ")
    page.keyboard.type("@")
    expect(channel(page).locator(".playground-mention")).to_be_visible()
    page.keyboard.press("Escape")
    expect(channel(page).locator(".playground-mention")).to_have_count(0)


def test_a_member_is_not_offered_what_the_bot_reserves_for_moderators(page: Page) -> None:
    channel(page).locator("#channel-composer-input").click()
    page.keyboard.type("/")
    entries = channel(page).locator(".command-entry")
    expect(entries.filter(has_text="/rankings")).to_be_visible()
    expect(entries.filter(has_text="/setup")).to_have_count(0)


def test_a_direct_message_is_news_to_its_person_alone(page: Page) -> None:
    direct = page.get_by_role("button", name="Direct messages with the bot")
    direct.click()
    expect(channel(page).get_by_placeholder("Message @Moonballot")).to_be_visible()
    channel(page).locator("#channel-composer-input").click()
    page.keyboard.type("what is a snapshot?")
    page.keyboard.press("Enter")
    expect(messages(page).locator(".channel-message")).to_have_count(2)
    page.get_by_role("button", name="#general").click()
    page.get_by_role("radio", name="Moderator").check()
    page.wait_for_timeout(1000)
    expect(direct.locator(".dot")).to_be_hidden()
