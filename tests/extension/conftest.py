"""The stand-in program and Chromium with the extension, each started once."""

from collections.abc import Callable, Iterator

import pytest
from drivers.chromium import Chromium, run_chromium
from drivers.program import TOKEN, Program, run_program
from playwright.sync_api import Page, Playwright


@pytest.fixture(scope="session")
def running_program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    with run_program(tmp_path_factory.mktemp("authority")) as program:
        yield program


@pytest.fixture
def program(running_program: Program) -> Program:
    """Give the stand-in program in its first state."""
    running_program.reset()
    return running_program


@pytest.fixture(scope="module")
def running_chromium(
    playwright: Playwright,
    running_program: Program,
    tmp_path_factory: pytest.TempPathFactory,
    require_debian: Callable[..., None],
) -> Iterator[Chromium]:
    require_debian("chromium")
    arguments = [f"--proxy-server={running_program.address}", "--ignore-certificate-errors"]
    with run_chromium(playwright, tmp_path_factory.mktemp("profile"), arguments=arguments) as chromium:
        yield chromium


@pytest.fixture
def chromium(running_chromium: Chromium, program: Program) -> Iterator[Chromium]:
    """Give a Chromium that is paired, uses the proxy and trusts it."""
    running_chromium.preset(program.address, TOKEN)
    yield running_chromium
    for page in running_chromium.context.pages[1:]:
        page.close()


@pytest.fixture
def show_mail(chromium: Chromium, program: Program) -> Callable[..., Page]:
    """Give a function that shows these messages in the webmail's reading pane, and the popup about it."""

    def show(*messages: dict[str, object], uid: str = "12") -> Page:
        program.messages[f"web:{program.address}/-/INBOX%2FOffers/{uid}"] = list(messages)
        webmail = chromium.context.new_page()
        webmail.goto(f"http://{program.address}/webmail/?_task=mail&uid={uid}")
        return chromium.open_popup(chromium.tab_id(webmail))

    return show
