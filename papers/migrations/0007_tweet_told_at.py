from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('papers', '0006_run_losses'),
    ]

    operations = [
        migrations.AddField(
            model_name='tweet',
            name='told_at',
            field=models.JSONField(blank=True, default=dict, editable=False),
        ),
    ]
