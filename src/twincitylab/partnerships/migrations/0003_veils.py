from django.db import migrations, models
from django.db.models import Q

OPEN, ACCEPTED = ("proposed", "asked"), "accepted"


def veil_what_is_over(apps, schema_editor):
    """What came to nothing with communities that are hidden or in safety mode now; what is open ends by
    itself, and was made under the name they have."""
    introductions = apps.get_model("partnerships", "Introduction").objects.exclude(
        state__in=[*OPEN, ACCEPTED]
    )
    for side in ("a", "b"):
        protected = Q(**{f"{side}__is_safe_mode": True}) | Q(**{f"{side}__visibility": "hidden"})
        found = introductions.filter(protected).values_list("pk", flat=True)
        introductions.filter(pk__in=list(found)).update(**{f"is_{side}_veiled": True})


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0002_partnerships")]
    operations = [
        migrations.AddField(
            model_name="introduction", name="is_a_veiled", field=models.BooleanField(default=False)
        ),
        migrations.AddField(
            model_name="introduction", name="is_b_veiled", field=models.BooleanField(default=False)
        ),
        migrations.RunPython(veil_what_is_over, migrations.RunPython.noop),
    ]
