from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("community", "0003_words"),
    ]

    operations = [
        migrations.AddField(
            model_name="community",
            name="form_key",
            field=models.UUIDField(
                blank=True, help_text="Made with the form that founded it.", null=True, unique=True
            ),
        ),
    ]
