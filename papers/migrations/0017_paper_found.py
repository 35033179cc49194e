"""What a search asks of the papers it found is in an index: their rows are wide."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("papers", "0016_search")]

    operations = [
        migrations.AddIndex(
            model_name="paper",
            index=models.Index(
                fields=["id", "hidden", "hot", "announced_on", "score"], name="paper_found"
            ),
        ),
    ]
