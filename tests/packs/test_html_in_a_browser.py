"""The pack as HTML in a real browser: by axe, by keyboard, on a phone, and on paper."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright
from shared.pages import pack_of

from irbtrack.packs.page.to_html import to_html

CHROMIUM = shutil.which("chromium")

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None and "CI" not in os.environ, reason="Chromium isn't here"),
    pytest.mark.xdist_group("browser"),
]

QUIETLY = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser that needs neither a screen nor the network."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIETLY))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pack as people are sent it."""
    path = tmp_path_factory.mktemp("pack") / "pack.html"
    path.write_bytes(to_html(pack_of(lambda text: text if text != "Culture" else f"{text} مجلس")))
    return path


@pytest.fixture(scope="module")
def window(browser: Browser) -> Page:
    """A window for all tests."""
    return browser.new_page()


@pytest.fixture
def page(window: Page, file: Path) -> Iterator[Page]:
    """The pack in a window as wide as a laptop's, in which nothing goes wrong or is loaded."""
    window.set_viewport_size({"width": 1200, "height": 900})
    window.emulate_media(media="screen", color_scheme="light")
    happened: list[str] = []
    heard = {
        "console": lambda message: happened.append(message.text),
        "pageerror": lambda error: happened.append(str(error)),
        "request": lambda asked: happened.append(asked.url.split(":")[0]),
    }
    for event, listener in heard.items():
        window.on(event, listener)  # type: ignore[call-overload]
    window.goto(file.as_uri())
    yield window
    for event, listener in heard.items():
        window.remove_listener(event, listener)
    assert set(happened) <= {"file", "data"}


def open_all(page: Page) -> None:
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")


def violations(page: Page) -> list[str]:
    """What axe finds: the rule, and the first element that breaks it."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found]


@pytest.mark.parametrize("width", [400, 1200])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(page: Page, scheme: Literal["light", "dark"], width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    open_all(page)
    assert violations(page) == []
    page.locator("td a.figure").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize("width", [320, 400, 800, 1000, 1600])
def test_only_tables_and_pictures_scroll_sideways(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    open_all(page)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    for region in page.locator(".scroll").all():
        scrolls = region.evaluate("one => one.scrollWidth > one.clientWidth")
        expect(region).to_have_js_property("tabIndex", 0 if scrolls else -1)


def test_a_row_with_a_paragraph_is_read_downwards_on_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 400, "height": 900})
    row = page.locator("table", has_text="Directions: progress").locator("tbody tr").first
    tops = row.locator("th, td").evaluate_all("all => all.map(one => one.offsetTop)")
    assert tops[-1] > max(tops[:-1])


def column(page: Page, title: str, place: int) -> list[str]:
    """The texts of a column, as they stand."""
    rows = page.locator("table", has_text=title).locator("tbody tr:visible")
    return [row.locator("th, td").nth(place).inner_text() for row in rows.all()]


def sort_by(page: Page, title: str, label: str) -> str | None:
    """Sort a table by a column, with the keyboard, and return what the column says of its order."""
    button = page.locator("table", has_text=title).get_by_role("button", name=label, exact=True)
    button.focus()
    page.keyboard.press("Enter")
    return button.locator("..").get_attribute("aria-sort")


def test_a_table_sorts_and_comes_back(page: Page) -> None:
    given = column(page, "Actions, listed", 0)
    assert sort_by(page, "Actions, listed", "Days overdue") == "ascending"
    assert column(page, "Actions, listed", 4) == [str(n) for n in range(16, 31)]
    assert sort_by(page, "Actions, listed", "Days overdue") == "descending"
    assert column(page, "Actions, listed", 0) == given
    assert sort_by(page, "Actions, listed", "Due") == "ascending"
    assert column(page, "Actions, listed", 3)[:3] == ["1 Oct 2023", "2 Oct 2023", "3 Oct 2023"]
    sort_by(page, "Actions, listed", "Due")
    assert sort_by(page, "Actions, listed", "Due") is None
    assert column(page, "Actions, listed", 0) == given


def test_ratings_sort_from_worst_to_best_days_by_date_and_empty_cells_last(page: Page) -> None:
    sort_by(page, "Directions: progress", "RAG")
    assert column(page, "Directions: progress", 2) == ["R Red", "A Amber", ""]
    sort_by(page, "Directions: progress", "RAG")
    assert column(page, "Directions: progress", 2) == ["A Amber", "R Red", ""]
    sort_by(page, "Directions: progress", "Target")
    assert column(page, "Directions: progress", 3) == ["1 Dec 2023", "31 Mar 2024", ""]
    sort_by(page, "Directions: progress", "Days slipped")
    assert column(page, "Directions: progress", 4) == ["-3", "=", "+28"]


def test_totals_stay_last_and_rows_between_totals_stay_where_they_are(page: Page) -> None:
    title = "Overdue by directorate"
    sort_by(page, title, "Overdue")
    sort_by(page, title, "Overdue")
    assert column(page, title, 0) == ["Housing", "Finance", "Totals"]
    assert page.locator("table", has_text="The audit plan").get_by_role("button").count() == 0


def test_a_long_table_is_filtered_as_one_types(page: Page) -> None:
    box = page.get_by_role("searchbox", name="Filter the table")
    assert box.count() == 1
    box.fill("matter 1 OCT")
    assert column(page, "Actions, listed", 0)[:2] == ["2223-001", "2223-010"]
    expect(page.get_by_role("status")).to_have_text("7 of 15 rows")
    box.fill("nothing at all")
    assert column(page, "Actions, listed", 0) == []
    box.fill("")
    expect(page.get_by_role("status")).to_have_text("15 rows")
    assert len(column(page, "Actions, listed", 0)) == 15


def test_a_figure_opens_its_list_by_keyboard_and_gives_the_focus_back(page: Page) -> None:
    figure = page.locator("table", has_text="Overdue by directorate").locator("a.figure").first
    assert figure.get_attribute("aria-haspopup") == "dialog"
    figure.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Overdue by directorate: Finance, Overdue")
    expect(dialog).to_be_visible()
    told = [row.locator("th, td").all_inner_texts() for row in dialog.locator("tbody tr").all()]
    assert told == [
        [f"2223-{n:03}", f"Agree matter {n}", "hs-finance", f"{n} Oct 2023"] for n in (1, 2, 3)
    ]
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(figure).to_be_focused()


def test_a_number_of_a_sentence_opens_its_list_too(page: Page) -> None:
    page.locator("p a.figure").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading")).to_contain_text("Directions: 3 in “Of the 3 directions")
    assert dialog.locator("tbody th").all_inner_texts() == ["3a", "3b", "5"]
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_have_count(0)


def test_without_script_a_figure_leads_to_its_list(browser: Browser, file: Path) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto(file.as_uri())
    figure = page.locator("table", has_text="Overdue by directorate").locator("a.figure").first
    figure.click()
    target = page.locator(str(figure.get_attribute("href")))
    expect(target).to_be_visible()
    expect(target).to_be_in_viewport()
    assert target.locator("li").all_inner_texts() == ["2223-001", "2223-002", "2223-003"]
    assert page.get_by_role("searchbox").count() == 0
    page.close()


def test_what_is_hostile_runs_nothing(page: Page, tmp_path: Path) -> None:
    typed = "</script><img src=x onerror=alert(1)><script>alert(2)</script>"
    path = tmp_path / "hostile.html"
    path.write_bytes(to_html(pack_of(lambda text: text + typed)))
    page.goto(path.as_uri())
    page.locator("td a.figure").first.click()
    expect(page.get_by_role("dialog")).to_contain_text("<img src=x onerror=alert(1)>")
    assert page.locator("img[src=x]").count() == 0


def test_on_paper_the_cover_is_a_page_and_the_lists_stay_away(page: Page) -> None:
    page.emulate_media(media="print")
    expect(page.locator("#lists")).to_be_hidden()
    expect(page.get_by_role("searchbox")).to_be_hidden()
    expect(page.locator("details table")).to_be_visible()
    break_after = page.locator(".cover").evaluate("one => getComputedStyle(one).breakAfter")
    assert break_after == "page"
