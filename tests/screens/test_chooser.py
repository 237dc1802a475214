"""The chooser: picking, opening ahead, attaching, and what goes wrong."""

from __future__ import annotations

import pytest

from player.errors import EngineUnreachable
from player.protocol.wire import Answer
from player.timeline.commands import Begin, CloseSession, OpenSession
from player.timeline.status import State, Status


async def test_enter_opens_and_begins_at_once_and_shows_the_session(choosing):
    async with choosing() as stage:
        stage.room.sent.clear()
        await stage.press("down", "enter")
        await stage.settle()
        assert stage.sent()[-2:] == [OpenSession(path="rest.yaml"), Begin()]
        assert "Rest [no medicine]" in stage.text
        assert "measuring the first track" in stage.text


async def test_a_session_that_is_highlighted_is_opened_ahead_and_only_begun_on_enter(choosing):
    async with choosing() as stage:
        await stage.until(lambda: OpenSession(path="lozenge.yaml") in stage.room.sent)
        stage.room.sent.clear()
        await stage.press("enter")
        assert stage.sent() == [Begin()]


async def test_moving_on_closes_what_was_opened_ahead(choosing):
    async with choosing() as stage:
        await stage.until(lambda: OpenSession(path="lozenge.yaml") in stage.room.sent)
        stage.room.sent.clear()
        await stage.press("down")
        await stage.until(lambda: OpenSession(path="rest.yaml") in stage.room.sent)
        assert stage.sent() == [CloseSession(), OpenSession(path="rest.yaml")]


async def test_a_faulty_session_shows_its_faults_and_is_never_opened(choosing):
    async with choosing() as stage:
        await stage.until(lambda: len(stage.sent()) == 1)
        stage.room.sent.clear()
        await stage.press("end", "enter")
        await stage.pilot.pause(0.4)
        assert "mine.yaml:3: lenght" in stage.text
        assert "this session has faults and cannot be played" in stage.text
        assert stage.sent() == []


async def test_a_session_that_runs_already_is_shown_at_once(choosing, picture):
    async with choosing() as stage:
        await stage.say(picture())
        assert "since dose 36:20" in stage.text


async def test_escape_before_the_beginning_comes_back_to_the_chooser(choosing, picture):
    async with choosing() as stage:
        await stage.press("enter")
        await stage.say(picture(at=0, left_s=600.0, state=State.OPENING, opening=0.2))
        assert "measuring the first track 20%" in stage.text
        await stage.press("escape")
        assert "choose a session" in stage.text
        assert CloseSession() in stage.sent()


async def test_a_session_that_cannot_begin_comes_back_with_the_reason(choosing, room):
    room.answers["begin"] = Answer(id=0, ok=False, text="there is no device to play on")
    async with choosing() as stage:
        await stage.press("enter")
        await stage.until(lambda: "there is no device to play on" in stage.text)
        assert "choose a session" in stage.text


async def test_after_a_session_has_ended_enter_comes_back_to_the_chooser(choosing, picture):
    async with choosing() as stage:
        await stage.press("enter")
        await stage.say(picture())
        await stage.say(picture(at=6, left_s=0.0, state=State.ENDED))
        await stage.press("enter")
        assert "choose a session" in stage.text
        assert stage.app.return_code is None


async def test_leaving_drops_what_was_only_opened_ahead(choosing):
    async with choosing() as stage:
        await stage.until(lambda: OpenSession(path="lozenge.yaml") in stage.room.sent)
        await stage.press("q")
        assert stage.sent()[-1] == CloseSession()
        assert stage.app.return_code == 0


async def test_without_an_engine_the_chooser_says_so_and_leaves_with_1(choosing):
    def unreachable():
        raise EngineUnreachable("the sound could not be started")

    async with choosing(open_room=unreachable) as stage:
        await stage.until(lambda: "the sound could not be started" in stage.text)
        await stage.press("q")
        assert stage.app.return_code == 1


@pytest.mark.parametrize("key", ["q", "escape", "ctrl+q", "ctrl+c"])
async def test_every_way_out_of_the_chooser_leaves(choosing, key):
    async with choosing() as stage:
        await stage.press(key)
        assert stage.app.return_code == 0


async def test_shipped_and_own_sessions_are_read_after_the_first_paint(room, hands, read_screen):
    from player import paths
    from player.screens import shelf
    from player.screens.app import StillroomApp

    (paths.own_sessions() / "mine.yaml").write_text("format: 1\nbroken: yes\n", encoding="utf-8")
    app = StillroomApp(lambda: room, hands, entries=shelf.entries())
    async with app.run_test(size=(100, 40)) as pilot:
        for _ in range(500):
            await pilot.pause(0.01)
            if "! faulty" in read_screen(app):
                break
        text = read_screen(app)
    assert "Rest, no medicine" in text
    assert "mine" in text.split("your own")[1]


RISKS = (
    "00:42:10, Peak: rise of 11 LU within 2 s in thunder.mp3",
    "00:50:00, Peak: silence of 8 s within thunder.mp3: it is no fault",
)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_what_could_startle_is_one_quiet_line_of_the_session_it_belongs_to(
    choosing, golden, size
):
    async with choosing(size=size) as stage:
        await stage.until(lambda: OpenSession(path="lozenge.yaml") in stage.room.sent)
        await stage.settle()
        before = stage.text
        for risks in (None, ()):
            await stage.say(Status(state=State.READY, path="lozenge.yaml", risks=risks))
            assert stage.text == before, "without a risk there is nothing to say"
        await stage.say(Status(state=State.READY, path="lozenge.yaml", risks=RISKS))
        golden(f"chooser-risks-{size[0]}x{size[1]}", stage.text)
        await stage.press("down")
        assert "thunder" not in stage.text
        await stage.press("up")
        await stage.say(Status(state=State.OPENING, path="lozenge.yaml"))
        assert "2 warnings" in stage.text, "it stays known"
        await stage.say(Status(state=State.IDLE, path="lozenge.yaml", risks=()))
        assert stage.text == before, "until it is known to be over"


async def test_what_the_engine_found_before_there_is_a_session_stands_in_the_chooser(choosing):
    found = "what was kept of the last session is damaged: it was set aside"
    async with choosing() as stage:
        await stage.say(Status(notice=found))
        assert found in stage.text
        await stage.press("down")
        await stage.say(Status(notice=found, clients=2))
        assert found not in stage.text, "it is said once"
