"""The arXiv taxonomy of November 2026: 155 active codes and 21 legacy ones."""

import csv
from pathlib import Path

from django.db import migrations

DATA = Path(__file__).with_suffix(".tsv")


def load(apps, schema_editor):
    Category = apps.get_model("papers", "Category")
    with DATA.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    Category.objects.bulk_create(
        [
            Category(
                code=row["code"],
                name=row["name"],
                archive=row["archive"],
                archive_name=row["archive_name"],
                group=row["group"],
                group_name=row["group_name"],
                is_active=row["active"] == "1",
            )
            for row in rows
        ]
    )
    for row in rows:
        if row["same_as"]:
            Category.objects.filter(code=row["code"]).update(same_as_id=row["same_as"])


class Migration(migrations.Migration):
    dependencies = [("papers", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
