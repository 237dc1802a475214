"""Files in every format and state, as 48 kHz blocks, frame by frame."""

from __future__ import annotations

import random
import wave
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from tones import sweep, tone, write

from player.sound.decode import BLOCK, Decoded, Undecodable, blocks

FRAMES = 4 * 48000 + 777
TRIMMED = (".mp3", ".m4a", ".flac", ".ogg", ".opus", ".wav")
"""Formats that say how much their encoder padded; raw AAC does not."""


def whole(path: Path, start_frame: int = 0) -> NDArray[np.float32]:
    parts = list(blocks(path, start_frame=start_frame))
    return np.concatenate(parts) if parts else np.zeros((0, 2), np.float32)


@pytest.mark.parametrize("ending", TRIMMED)
def test_a_file_decodes_to_exactly_the_frames_that_were_written(
    media: dict[str, Path], ending: str
) -> None:
    sound = whole(media[ending])
    assert sound.shape == (FRAMES, 2)
    assert sound.dtype == np.float32
    middle = slice(24000, FRAMES - 24000)
    assert np.abs(sound[middle] - sweep(FRAMES)[middle]).max() < 0.03


@pytest.mark.parametrize("ending", [".mp3", ".m4a", ".flac", ".wav"])
def test_another_rate_decodes_to_exactly_its_length_at_48_khz(
    media_44k1: dict[str, Path], ending: str
) -> None:
    sound = whole(media_44k1[ending])
    assert len(sound) == 5 * 48000
    middle = slice(24000, -24000)
    assert np.abs(sound[middle] - sweep(5 * 48000)[middle]).max() < 0.03


def test_every_block_but_the_last_has_8192_frames(media: dict[str, Path]) -> None:
    lengths = [len(block) for block in blocks(media[".mp3"])]
    assert set(lengths[:-1]) == {BLOCK}
    assert lengths[-1] == FRAMES % BLOCK


@pytest.mark.parametrize("ending", TRIMMED)
@pytest.mark.parametrize("start", [1, 8191, 2 * 48000 + 5, 3 * 48000 + 4321, FRAMES - 3, FRAMES])
def test_a_start_in_the_middle_is_exact_to_the_sample(
    media: dict[str, Path], ending: str, start: int
) -> None:
    sound = whole(media[ending])
    later = whole(media[ending], start)
    assert len(later) == FRAMES - start
    assert np.abs(later - sound[start:]).max(initial=0) < 1e-4


@pytest.mark.parametrize("ending", [".mp3", ".m4a", ".flac", ".wav"])
@pytest.mark.parametrize("start", [48001, 3 * 48000 + 4321])
def test_a_start_in_the_middle_of_another_rate_stands_on_the_same_grid(
    media_44k1: dict[str, Path], ending: str, start: int
) -> None:
    path = media_44k1[ending]
    assert np.abs(whole(path, start) - whole(path)[start:]).max() < 1e-4


def test_a_start_behind_the_end_yields_nothing(media: dict[str, Path]) -> None:
    assert len(whole(media[".flac"], 10 * 48000)) == 0


@pytest.mark.parametrize("rate", [8000, 11025, 32000, 44099, 96000, 192000, 384000])
def test_rates_from_8_to_384_khz_sound_at_their_pitch(tmp_path: Path, rate: int) -> None:
    path = write(tmp_path / "a.wav", tone(2 * rate, 1000, rate=rate), rate=rate)
    sound = whole(path)
    assert len(sound) == 2 * 48000
    spectrum = np.abs(np.fft.rfft(sound[24000:72000, 0]))
    assert spectrum.argmax() == 1000


def test_mono_sounds_on_both_sides_at_its_own_level(tmp_path: Path) -> None:
    mono = tone(48000, 440, gain=0.25, channels=1)
    sound = whole(write(tmp_path / "mono.flac", mono))
    assert np.abs(sound - mono).max() < 1e-4


def test_8_khz_mono_sounds_on_both_sides(tmp_path: Path) -> None:
    path = write(tmp_path / "mono.wav", tone(16000, 400, rate=8000, channels=1), rate=8000)
    sound = whole(path)
    assert np.array_equal(sound[:, 0], sound[:, 1])
    assert np.abs(sound[2000:-2000] - tone(96000, 400)[2000:-2000]).max() < 1e-3


@pytest.mark.parametrize("channels", [6, 8])
def test_more_channels_are_folded_down_to_left_and_right(tmp_path: Path, channels: int) -> None:
    pcm = np.zeros((48000, channels), np.float32)
    pcm[:, 0] = tone(48000, 300, gain=0.2)[:, 0]
    pcm[:, 1] = tone(48000, 500, gain=0.2)[:, 0]
    sound = whole(write(tmp_path / "many.wav", pcm))
    assert np.abs(sound - pcm[:, :2]).max() < 1e-3


def test_eight_channels_without_a_layout_are_folded_down_too(tmp_path: Path) -> None:
    path = tmp_path / "bare.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((8, 2, 48000, 0, "NONE", ""))
        file.writeframes(np.full((4800, 8), 1000, "<i2").tobytes())
    sound = whole(path)
    assert sound.shape == (4800, 2)
    assert sound.min() > 0


def test_one_sample_is_one_frame(tmp_path: Path) -> None:
    sound = whole(write(tmp_path / "one.wav", np.full((1, 2), 0.5, np.float32)))
    assert sound.shape == (1, 2)
    assert np.abs(sound - 0.5).max() < 1e-4


def test_float_files_lose_what_is_no_number_and_what_is_absurd(tmp_path: Path) -> None:
    pcm = tone(48000, 440)
    pcm[100], pcm[200], pcm[300], pcm[400] = np.nan, np.inf, 1e9, -50
    sound = whole(write(tmp_path / "wild.wav", pcm, codec="pcm_f32le"))
    assert np.isfinite(sound).all()
    assert sound[100].tolist() == [0, 0]
    assert sound[200].tolist() == [0, 0]
    assert sound[300].tolist() == [0, 0]
    assert sound[400].tolist() == [0, 0]
    assert np.array_equal(sound[500:], pcm[500:])


@pytest.mark.parametrize("absurd", [np.nan, np.inf, 1e30, -50, 5])
def test_what_is_no_sound_does_not_ring_in_a_file_of_another_rate(
    tmp_path: Path, absurd: float
) -> None:
    pcm = tone(44100, 440, rate=44100)
    pcm[20000] = absurd
    sound = whole(write(tmp_path / "wild.wav", pcm, rate=44100, codec="pcm_f32le"))
    assert np.abs(sound).max() < 0.6
    far = np.abs(np.arange(len(sound)) - 20000 * 480 / 441) > 100
    assert np.abs(sound - tone(48000, 440))[100:-100][far[100:-100]].max() < 1e-3


@pytest.mark.parametrize("absurd", [np.nan, np.inf, 32768.0])
def test_a_float_file_ends_where_it_is_no_sound_any_more(tmp_path: Path, absurd: float) -> None:
    pcm = tone(3 * 48000, 440)
    pcm[96000:] = absurd
    with blocks(write(tmp_path / "wild.wav", pcm, codec="pcm_f32le")) as decoded:
        sound = np.concatenate(list(decoded))
        faults = decoded.faults
    assert 96000 - BLOCK <= len(sound) <= 96000
    assert np.array_equal(sound, pcm[: len(sound)])
    assert faults == ("it is damaged at 00:00:01: it plays up to there",)


def test_no_sound_near_the_beginning_of_a_float_file_is_silence_and_it_goes_on(
    tmp_path: Path,
) -> None:
    pcm = tone(3 * 48000, 440)
    pcm[1000:2000] = np.nan
    sound = whole(write(tmp_path / "wild.wav", pcm, codec="pcm_f32le"))
    assert len(sound) == len(pcm)
    assert not sound[:BLOCK].any()
    assert np.array_equal(sound[BLOCK:], pcm[BLOCK:])


def test_a_damaged_float_file_that_is_looped_begins_again_where_it_is_no_sound(
    tmp_path: Path,
) -> None:
    pcm = tone(3 * 48000, 440)
    pcm[96000:96100] = np.nan
    path = write(tmp_path / "wild.wav", pcm, codec="pcm_f32le")
    once = whole(path)
    with Decoded(path, seamless=True) as decoded:
        looped = np.concatenate([next(decoded) for _ in range(3 * len(once) // BLOCK)])
        assert decoded.passes >= 3
    assert 96000 - BLOCK <= len(once) <= 96000
    for turn in range(2):
        part = looped[turn * len(once) : (turn + 1) * len(once)]
        assert np.abs(part - once).max() < 1e-6


def test_a_stream_that_changes_its_rate_midway_goes_on(tmp_path: Path) -> None:
    first = write(tmp_path / "a.aac", tone(48000, 440)).read_bytes()
    second = write(tmp_path / "b.aac", tone(44100, 440, rate=44100), rate=44100).read_bytes()
    path = tmp_path / "joined.aac"
    path.write_bytes(first + second)
    lengths = [len(block) for block in blocks(path)]
    assert set(lengths[:-1]) == {BLOCK}
    assert abs(sum(lengths) - 2 * 48000) < 5000


def test_a_cover_image_is_not_mistaken_for_sound(tmp_path: Path) -> None:
    plain = write(tmp_path / "plain.mp3", tone(48000, 440))
    picture = b"\x89PNG\r\n\x1a\n" + bytes(2000)
    body = b"\0image/png\0\x03\0" + picture
    frame = b"APIC" + len(body).to_bytes(4, "big") + b"\0\0" + body
    size = bytes(len(frame) >> shift & 0x7F for shift in (21, 14, 7, 0))
    covered = tmp_path / "covered.mp3"
    covered.write_bytes(b"ID3\x03\0\0" + size + frame + plain.read_bytes())
    assert np.array_equal(whole(covered), whole(plain))


@pytest.mark.parametrize("ending", [".mp3", ".aac", ".flac", ".ogg", ".wav"])
def test_a_file_that_breaks_off_yields_what_decodes(
    media: dict[str, Path], tmp_path: Path, ending: str
) -> None:
    data = media[ending].read_bytes()
    path = tmp_path / f"cut{ending}"
    path.write_bytes(data[: len(data) // 2])
    sound, full = whole(path), whole(media[ending])
    assert 0.3 * FRAMES < len(sound) < 0.7 * FRAMES
    same = len(sound) - 8192
    assert np.abs(sound[:same] - full[:same]).max() < 1e-4


def with_garbage(path: Path, folder: Path, at: float, size: int = 6000) -> Path:
    """A copy of a file in which some bytes, from a fraction of it on, are chance."""
    data = bytearray(path.read_bytes())
    middle = int(len(data) * at)
    data[middle : middle + size] = random.randbytes(size)
    copy = folder / f"garbage{path.suffix}"
    copy.write_bytes(data)
    return copy


@pytest.mark.parametrize("ending", [".mp3", ".m4a", ".aac", ".flac", ".ogg", ".opus"])
def test_a_file_ends_where_it_is_damaged(
    media: dict[str, Path], tmp_path: Path, ending: str
) -> None:
    path = with_garbage(media[ending], tmp_path, 0.5)
    full = whole(media[ending])
    with blocks(path) as decoded:
        sound = np.concatenate(list(decoded))
        faults = decoded.faults
    assert 0.3 * FRAMES < len(sound) < 0.75 * FRAMES
    same = len(sound) - 8192
    assert np.abs(sound[:same] - full[:same]).max() < 1e-3
    assert "it is damaged at 00:00:0" in faults[-1]
    assert faults[-1].endswith(": it plays up to there")


def test_damage_at_the_very_beginning_is_stepped_over(
    media: dict[str, Path], tmp_path: Path
) -> None:
    path = with_garbage(media[".mp3"], tmp_path, 0.1, 300)
    with blocks(path) as decoded:
        assert decoded.faults == ()
        sound = np.concatenate(list(decoded))
        assert decoded.faults == ("it is damaged at its beginning",)
    assert len(sound) > 0.9 * FRAMES


def test_what_holds_no_sound_is_refused_with_a_plain_reason(tmp_path: Path) -> None:
    empty = tmp_path / "empty.mp3"
    empty.touch()
    text = tmp_path / "text.mp3"
    text.write_text("these are only words\n" * 100)
    noise = tmp_path / "noise.flac"
    noise.write_bytes(random.randbytes(5000))
    reasons = {
        empty: "is empty",
        text: "is not a sound file, or is damaged at its beginning",
        tmp_path: "is a folder, not a sound file",
        tmp_path / "nowhere.ogg": "is not there",
    }
    for path, why in reasons.items():
        with pytest.raises(Undecodable) as refusal:
            blocks(path)
        assert refusal.value.why == why
        assert str(refusal.value) == f"{path}: {why}"
    with pytest.raises(Undecodable):
        blocks(noise)


@pytest.mark.parametrize("rate", [1, 20, 1999, 3_000_001, 2_000_000_000])
def test_a_rate_that_no_music_has_is_refused_before_anything_is_made_of_it(
    tmp_path: Path, rate: int
) -> None:
    path = write(tmp_path / "odd.wav", tone(4800))
    data = bytearray(path.read_bytes())
    at = data.index(b"fmt ") + 12
    assert int.from_bytes(data[at : at + 4], "little") == 48000
    data[at : at + 4] = rate.to_bytes(4, "little")
    path.write_bytes(data)
    with pytest.raises(Undecodable) as refusal:
        blocks(path)
    assert refusal.value.why == f"is damaged, or no music: it says {rate:,} samples a second"


def test_a_list_of_addresses_under_a_music_name_reaches_no_other_file(tmp_path: Path) -> None:
    secret = write(tmp_path / "secret.wav", tone(48000))
    bait = tmp_path / "bait.mp3"
    bait.write_text(f"ffconcat version 1.0\nfile 'http://127.0.0.1:9/{secret.name}'\n")
    with pytest.raises(Undecodable):
        blocks(bait)
    hls = tmp_path / "hls.m3u8"
    hls.write_text("#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n")
    with pytest.raises(Undecodable):
        blocks(hls)


def test_a_name_that_looks_like_an_address_is_only_a_name(tmp_path: Path) -> None:
    for name in ("concat:a.wav", "été — 静か.wav", "per%20cent #1.wav"):
        path = tmp_path / name
        path.write_bytes(write(tmp_path / "plain.wav", tone(4800)).read_bytes())
        assert len(whole(path)) == 4800


def test_nothing_is_printed_about_a_broken_file(
    media: dict[str, Path], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    data = bytearray(media[".aac"].read_bytes())
    data[9000:15000] = random.randbytes(6000)
    path = tmp_path / "garbage.aac"
    path.write_bytes(data)
    whole(path)
    assert capfd.readouterr() == ("", "")
