"""What a search asks of papers, found or passed by, is in indexes: their rows are wide."""

from django.db import migrations, models


def index(name, *fields):
    return migrations.AddIndex("paper", models.Index(fields=fields, name=name))


class Migration(migrations.Migration):
    atomic = False  # each step by itself: to drop an index locks out readers until it ends

    dependencies = [("papers", "0016_search")]

    operations = [
        index("paper_found", "id", "hidden", "hot", "announced_on", "score"),
        index("paper_hottest", "-hot", "-id", "hidden"),
        index("paper_newest", "-announced_on", "-score", "-id", "hidden"),
        migrations.RemoveIndex("paper", "paper_hot"),
        migrations.RemoveIndex("paper", "paper_new"),
    ]
