"""When the front end is built again, and what a failure says."""

from pathlib import Path

import pytest

from tansiq.config import frontend


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "src").mkdir()
    for name in ("package.json", "package-lock.json", ".npmrc", "tsconfig.json", "vite.config.ts", "src/main.ts"):
        (tmp_path / name).write_text("{}")
    return tmp_path


def stamp(folder: Path) -> None:
    (folder / "dist").mkdir()
    (folder / "dist" / ".stamp").write_text(frontend.digest(folder, frontend.BUILT_FROM))


def test_build_does_nothing_when_the_sources_are_as_they_were(folder: Path) -> None:
    stamp(folder)
    assert frontend.build(folder) is False


@pytest.mark.parametrize("name", ["src/main.ts", "src/new.ts", "package-lock.json"])
def test_is_built_notices_a_changed_a_new_and_a_locked_file(folder: Path, name: str) -> None:
    stamp(folder)
    assert frontend.is_built(folder) is True
    (folder / name).write_text("changed")
    assert frontend.is_built(folder) is False


def test_digest_tells_a_moved_boundary_between_files(folder: Path) -> None:
    (folder / "src" / "a").write_text("12")
    (folder / "src" / "b").write_text("3")
    before = frontend.digest(folder, ("src",))
    (folder / "src" / "a").write_text("1")
    (folder / "src" / "b").write_text("23")
    assert frontend.digest(folder, ("src",)) != before


def test_build_says_in_a_sentence_that_the_packages_could_not_be_installed(folder: Path) -> None:
    (folder / "package-lock.json").write_text("not a lock")
    with pytest.raises(frontend.NotBuilt, match="could not be built: its packages could not be installed"):
        frontend.build(folder)
    assert not (folder / "dist").exists()
