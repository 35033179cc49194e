"""The groups of curators and operators, and their rights.

Permissions are usually made after the last migration; those that groups need are made here, as
Django would. Who could change papers by rights given by hand is a curator from now on.
"""

from django.contrib.auth.management import create_permissions
from django.db import migrations, models
from django.db.models import Q

OWN = {
    "curator": ["papers.curate", "accounts.view_user"],
    "operator": ["papers.operate"],
}


def make_groups(apps, schema_editor):
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    for label in ("papers", "taggit", "accounts"):
        config = apps.get_app_config(label)
        config.models_module = True  # of a stub in the history of models: it has some
        create_permissions(config, verbosity=0, apps=apps, using=schema_editor.connection.alias)
        config.models_module = None
    looks = Q(content_type__app_label__in=["papers", "taggit"], codename__startswith="view_")
    for name, own in OWN.items():
        group, _ = Group.objects.get_or_create(name=name)
        rights = looks
        for right in own:
            label, codename = right.split(".")
            rights |= Q(content_type__app_label=label, codename=codename)
        group.permissions.set(Permission.objects.filter(rights))


def appoint(apps, schema_editor):
    User = apps.get_model("accounts", "User")
    curators = apps.get_model("auth", "Group").objects.get(name="curator")
    by_hand = {"content_type__app_label": "papers", "codename": "change_paper"}
    rights = apps.get_model("auth", "Permission").objects.filter(**by_hand)
    for user in User.objects.filter(is_staff=True, user_permissions__in=rights).distinct():
        user.groups.add(curators)
        user.user_permissions.clear()


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_pending_saves"),
        ("papers", "0014_curation"),
        ("taggit", "0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        # Staff are few among the accounts, and looked for by the admin.
        migrations.AddIndex(
            model_name="user",
            index=models.Index(
                fields=["id"], name="account_staff", condition=models.Q(is_staff=True)
            ),
        ),
        migrations.RunPython(make_groups, migrations.RunPython.noop),
        migrations.RunPython(appoint, migrations.RunPython.noop),
    ]
