import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Max, Min


def mark_every_field(apps, schema_editor):
    """No paper has been placed in its field yet: the task does it a moment later."""
    FieldChange = apps.get_model('papers', 'FieldChange')
    primary = apps.get_model('papers', 'PaperCategory').objects.filter(position=0, announced_on__isnull=False)
    days = primary.order_by('category').values_list('category')
    FieldChange.objects.bulk_create(
        FieldChange(category_id=code, listed_on=listed_on)
        for code, *both in days.annotate(first=Min('announced_on'), last=Max('announced_on'))
        for listed_on in sorted(set(both))
    )


class Migration(migrations.Migration):

    dependencies = [
        ('papers', '0009_fair'),
    ]

    operations = [
        migrations.CreateModel(
            name='FieldChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('listed_on', models.DateField()),
                ('category', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='papers.category')),
            ],
        ),
        migrations.RunPython(mark_every_field, migrations.RunPython.noop),
    ]
