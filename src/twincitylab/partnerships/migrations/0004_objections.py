import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


def move_objections(apps, schema_editor):
    """Each objection to the side that made it. A proposal that is settled no longer tells which side that
    was, but the audit trail does."""
    objections = apps.get_model("partnerships", "Objection").objects
    proposals = apps.get_model("partnerships", "Proposal").objects
    for proposal in proposals.exclude(objection="").order_by("pk"):
        side, made_at = _who_and_when(apps, proposal)
        if side is not None:
            objections.create(proposal=proposal, side_id=side, reason=proposal.objection, made_at=made_at)
    proposals.filter(state="objected").update(settled_by_side=None)


def _who_and_when(apps, proposal):
    heard = apps.get_model("base", "AuditEntry").objects.filter(
        action="object", subject=f"partnership {proposal.partnership_id}", detail__proposal=proposal.pk
    )
    last = heard.order_by("-happened_at", "-pk").first()
    newest = proposal.versions.order_by("-number").first()
    others = proposal.partnership.sides.exclude(pk=newest.side_id).order_by("number")
    side = proposal.settled_by_side_id if proposal.state == "objected" else None
    side = side or (last and last.detail.get("side")) or others.values_list("pk", flat=True).first()
    return side, last.happened_at if last else newest.made_at


def move_back(apps, schema_editor):
    """There is room for one: the first."""
    proposals = apps.get_model("partnerships", "Proposal").objects
    for objection in apps.get_model("partnerships", "Objection").objects.order_by("-made_at", "-pk"):
        found = proposals.filter(pk=objection.proposal_id)
        found.update(objection=objection.reason)
        found.filter(state="objected").update(settled_by_side=objection.side_id)
    schema_editor.connection.check_constraints()  # PostgreSQL alters no table while checks are pending


class Migration(migrations.Migration):
    dependencies = [("base", "0001_start"), ("partnerships", "0003_veils")]
    operations = [
        migrations.RemoveConstraint(model_name="proposal", name="objection_has_a_reason"),
        migrations.CreateModel(
            name="Objection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=600)),
                ("made_at", models.DateTimeField()),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="objections",
                        to="partnerships.proposal",
                    ),
                ),
                (
                    "side",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="partnerships.side",
                    ),
                ),
            ],
            options={
                "ordering": ("made_at", "pk"),
                "constraints": [
                    models.UniqueConstraint(fields=["proposal", "side"], name="a_side_objects_once"),
                    models.CheckConstraint(condition=~Q(reason=""), name="objection_has_a_reason"),
                ],
            },
        ),
        migrations.RunPython(move_objections, move_back),
        migrations.RemoveField(model_name="proposal", name="objection"),
    ]
