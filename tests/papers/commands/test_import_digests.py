"""import_digests: what it takes, what it refuses and how it says so."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from papers.digest_markdown import DigestPost, render
from papers.management.commands import import_digests
from papers.models import Digest, DigestEntry, DigestRevision, Paper
from papers.posts import export
from tests.factories import DAY, make_entry, make_post, raw_tables

pytestmark = pytest.mark.django_db

DAYS = [DAY.replace(day=day) for day in (8, 9, 10)]


def write(folder: Path, *posts: DigestPost) -> list[Path]:
    paths = []
    for number, post in enumerate(posts):
        path = folder / f"{post.date}-{number}.md"
        path.write_bytes(render(post).encode())
        paths.append(path)
    return paths


def run(capsys: pytest.CaptureFixture[str], *paths: Path) -> list[str]:
    call_command("import_digests", *map(str, paths))
    return capsys.readouterr().out.splitlines()


def test_it_works(tmp_path: Path, capsys):
    [path] = write(tmp_path, make_post(make_entry()))
    assert run(capsys, path) == [
        f"added      2021-06-10 with 1 papers, {path.name}",
        "1 posts, 1 entries: 1 added, 0 revised, 0 unchanged, 0 refused",
    ]


def test_a_folder_is_all_its_posts_in_the_order_of_their_names(tmp_path: Path, capsys):
    write(tmp_path, *(make_post(make_entry(), day=day) for day in DAYS))
    (tmp_path / "notes.txt").write_text("no post")
    lines = run(capsys, tmp_path)
    assert [line.split()[1] for line in lines[:-1]] == [str(day) for day in DAYS]


def test_files_and_folders_go_together(tmp_path: Path, capsys):
    (tmp_path / "folder").mkdir()
    write(tmp_path / "folder", make_post(day=DAYS[0]))
    [path] = write(tmp_path, make_post(day=DAYS[1]))
    run(capsys, tmp_path / "folder", path)
    assert Digest.objects.count() == 2


def test_again_changes_nothing(tmp_path: Path, capsys):
    write(tmp_path, make_post(make_entry()))
    run(capsys, tmp_path)
    before = raw_tables()
    summary = run(capsys, tmp_path)[-1]
    assert summary == "1 posts, 1 entries: 0 added, 0 revised, 1 unchanged, 0 refused"
    assert raw_tables() == before


def test_more_posts_than_one_transaction(tmp_path: Path, capsys, monkeypatch):
    monkeypatch.setattr(import_digests, "BATCH", 2)
    write(tmp_path, *(make_post(make_entry(), day=day) for day in DAYS))
    assert run(capsys, tmp_path)[-1].startswith("3 posts, 3 entries: 3 added")


def test_two_files_of_one_day_are_two_revisions(tmp_path: Path, capsys):
    first, second = make_post(make_entry()), make_post(make_entry(title="Corrected"))
    write(tmp_path, first, second)
    assert run(capsys, tmp_path)[-1].startswith("2 posts, 2 entries: 1 added, 1 revised")
    assert DigestEntry.objects.get().title == "Corrected"
    held = DigestRevision.objects.order_by("number").values_list("markdown", flat=True)
    assert list(held) == [render(first), render(second)]


def test_a_missing_path_is_an_error_before_anything_is_stored(tmp_path: Path):
    paths = write(tmp_path, make_post())
    with pytest.raises(CommandError, match="missing.md does not exist"):
        call_command("import_digests", *map(str, [*paths, tmp_path / "missing.md"]))
    assert not Digest.objects.exists()


def test_a_folder_without_posts_is_an_error(tmp_path: Path):
    (tmp_path / "notes.txt").write_text("no post")
    with pytest.raises(CommandError, match=r"holds no \*\.md file"):
        call_command("import_digests", str(tmp_path))


# One bad post among good ones --------------------------------------------------------------------


def with_one_bad(folder: Path, damage: bytes = b"- retweets: many, ") -> Path:
    posts = [make_post(make_entry(arxiv_id=f"2106.000{d.day:02}"), day=d) for d in DAYS]
    bad = write(folder, *posts)[1]
    bad.write_bytes(bad.read_bytes().replace(b"- retweets: 40, ", damage))
    return bad


def test_a_bad_post_is_named_with_its_line_and_what_was_expected(tmp_path: Path, capsys):
    bad = with_one_bad(tmp_path)
    number = (
        bad.read_text().splitlines().index("- retweets: many, favorites: 70 (06/11/2021 09:30:00)")
    )
    with pytest.raises(CommandError, match="1 of 3 posts were refused"):
        call_command("import_digests", str(tmp_path))
    out, err = capsys.readouterr()
    assert err.startswith(f"refused    {bad}:{number + 1}: expected a count")
    assert err.rstrip().endswith("found many")
    assert out.splitlines()[-1].endswith("2 added, 0 revised, 0 unchanged, 1 refused")


def test_nothing_of_a_bad_post_is_stored_and_the_others_are(tmp_path: Path):
    with_one_bad(tmp_path)
    with pytest.raises(CommandError):
        call_command("import_digests", str(tmp_path))
    assert set(Digest.objects.values_list("date", flat=True)) == {DAYS[0], DAYS[2]}
    assert not Paper.objects.filter(arxiv_id="2106.00009").exists()


def test_a_bad_post_leaves_the_digest_that_is_held(tmp_path: Path):
    good = make_post(make_entry(arxiv_id="2106.00009"), day=DAYS[1])
    call_command("import_digests", str(write(tmp_path, good)[0]))
    with_one_bad(tmp_path)
    with pytest.raises(CommandError):
        call_command("import_digests", str(tmp_path))
    assert export(DAYS[1]) == render(good)


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        (b"\xff", "expected UTF-8, found the byte 0xff"),
        (b"\0", "expected text, found a NUL"),
        (b"\r\n", "expected line ends of LF"),
        (b"<script>alert(1)</script>", "expected"),
        (b"\x1b[2J- retweets: 40, ", r"\x1b[2J"),
    ],
)
def test_hostile_posts_are_refused_on_one_harmless_line(
    tmp_path: Path, capsys, damage: bytes, expected: str
):
    with_one_bad(tmp_path, damage)
    with pytest.raises(CommandError, match="1 of 3"):
        call_command("import_digests", str(tmp_path))
    err = capsys.readouterr().err
    assert expected in err
    assert err.count("\n") == 1
    assert err.strip().isprintable()


def test_a_folder_named_like_a_post_is_refused_and_the_rest_goes_on(tmp_path: Path, capsys):
    write(tmp_path, make_post())
    (tmp_path / "0.md").mkdir()
    with pytest.raises(CommandError, match="1 of 2"):
        call_command("import_digests", str(tmp_path))
    assert f"{tmp_path / '0.md'}: Is a directory" in capsys.readouterr().err
    assert Digest.objects.exists()


@pytest.mark.parametrize(
    "overrides",
    [
        {"categories": ("a" * 40 + ".XX",)},
        {"retweets": 10**9},
    ],
)
def test_what_no_column_could_hold_is_refused(tmp_path: Path, overrides: dict[str, object]):
    """On SQLite it would fit; on PostgreSQL it would take the good posts down with it."""
    write(tmp_path, make_post(make_entry(**overrides)), make_post(day=DAYS[0]))
    with pytest.raises(CommandError, match="1 of 2"):
        call_command("import_digests", str(tmp_path))
    assert Digest.objects.get().date == DAYS[0]
