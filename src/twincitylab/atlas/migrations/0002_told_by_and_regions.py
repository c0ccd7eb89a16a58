"""What a source tells of, who told the facts that the newest source leaves open, and regions of cities."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

PLACES = ("geonames", "cldr", "koppen")


def sort_sources(apps: Apps, schema: BaseDatabaseSchemaEditor) -> None:
    """Only what describes places is a source of places; pages that others wrote are not under our licence."""
    source = apps.get_model("atlas", "Source")
    told = source.objects.exclude(key__in=PLACES)
    told.update(kind="twinnings")
    told.filter(licence="Apache-2.0", attribution=models.F("title")).update(
        licence="facts, no licence claimed; collected under Apache-2.0",
        attribution="Collected in the well-known twinnings of Twin City Lab (Apache-2.0).",
    )


class Migration(migrations.Migration):
    dependencies = [("atlas", "0001_start")]

    operations = [
        migrations.AddField(
            model_name="city",
            name="region",
            field=models.CharField(
                blank=True, help_text="Name of the division, for the United States only.", max_length=80
            ),
        ),
        migrations.AddField(
            model_name="source",
            name="kind",
            field=models.CharField(
                choices=[("places", "Places"), ("twinnings", "Twinnings")], default="places", max_length=10
            ),
        ),
        migrations.AddField(
            model_name="twinning",
            name="earlier_sources",
            field=models.JSONField(
                blank=True,
                default=dict,
                help_text="Keys of the sources of facts that ``source`` does not tell, by fact.",
            ),
        ),
        migrations.RunPython(sort_sources, migrations.RunPython.noop),
    ]
