"""A recall is noted once; a decision's reason has one name; labels themselves remember what they widened."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Follows rooms, where a label now names the one it widened."""

    dependencies = [("doors", "0002_wall"), ("rooms", "0003_widened_labels")]
    operations = [
        migrations.RenameField(model_name="release", old_name="recall_reason", new_name="closing_reason"),
        migrations.AddConstraint(
            model_name="recallreceipt",
            constraint=models.UniqueConstraint(fields=["room", "delivery_id"], name="doors_receipt_once"),
        ),
        migrations.DeleteModel(name="FormerAudience"),
    ]
