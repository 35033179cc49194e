from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('papers', '0005_tweet_posted_at'),
    ]

    operations = [
        migrations.AddField(
            model_name='ingestrun',
            name='losses',
            field=models.PositiveSmallIntegerField(db_default=0, default=0, help_text='How often its worker was lost.'),
        ),
    ]
