"""load_sample and make_sample."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from papers import fairness
from papers.digest_markdown import render
from papers.models import Digest
from papers.posts import import_posts
from papers.sample import archive
from tests.factories import make_entry, make_post, raw_tables


@pytest.mark.django_db
def test_it_works(capsys, monkeypatch):
    monkeypatch.setattr(archive, "read", lambda: [make_post(make_entry())])
    empty = raw_tables()
    for arguments in ([], [], ["--remove"], ["--remove"]):
        call_command("load_sample", *arguments)
    assert capsys.readouterr().out.splitlines() == [
        "loaded 1 days of the sample",
        "loaded 0 days of the sample",
        "removed 1 days of the sample",
        "removed 0 days of the sample",
    ]
    assert raw_tables() == empty


@pytest.mark.django_db
def test_real_posts_stay(monkeypatch):
    import_posts([make_post(make_entry())])
    fairness.refresh()
    before = raw_tables()
    monkeypatch.setattr(archive, "read", lambda: [make_post(make_entry(title="Of the Sample"))])
    call_command("load_sample")
    call_command("load_sample", "--remove")
    assert raw_tables() == before
    assert not Digest.objects.get().from_sample


def facts(path: Path) -> Any:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return json.load(file)


@pytest.fixture
def new_file(monkeypatch, tmp_path: Path) -> Path:
    """Where make_sample writes in a test: never over the committed file."""
    path = tmp_path / "archive.json.gz"
    monkeypatch.setattr(archive, "FACTS", path)
    return path


def test_a_sample_is_made_of_a_folder(new_file: Path, tmp_path: Path, capsys):
    (tmp_path / "post.md").write_text(render(make_post(make_entry())))
    call_command("make_sample", str(tmp_path))
    assert capsys.readouterr().out == "archive.json.gz: 1 days\n"
    assert facts(new_file)[0][0] == "2021-06-10"


def test_a_folder_without_posts_makes_no_sample(new_file: Path, tmp_path: Path):
    with pytest.raises(CommandError, match=r"holds no \*\.md file"):
        call_command("make_sample", str(tmp_path))
    assert not new_file.exists()


@pytest.mark.data
def test_the_committed_file_is_made_of_the_blogs_posts(
    request: pytest.FixtureRequest, posts_dir: Path
):
    committed = facts(archive.FACTS)
    new_file = request.getfixturevalue("new_file")
    call_command("make_sample", str(posts_dir))
    assert facts(new_file) == committed


@pytest.mark.data
def test_no_words_of_the_blog_are_in_the_file(posts_dir: Path):
    """Facts alone: no abstract, no tweet."""
    text = json.dumps(facts(archive.FACTS), ensure_ascii=False)
    assert "<blockquote" not in text
    assert "https://" not in text
    assert max(len(entry) for day in facts(archive.FACTS) for entry in day[2]) == 8
