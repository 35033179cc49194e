"""Have the words of all papers counted, weighed and compared anew: the rules of it have changed."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("papers", "0017_paper_found")]

    operations = [
        # The task makes a vocabulary where there is none, and none has the version 0.
        migrations.RunSQL("DELETE FROM papers_vocabulary", migrations.RunSQL.noop),
        migrations.RunSQL("UPDATE papers_vector SET version = 0", migrations.RunSQL.noop),
    ]
