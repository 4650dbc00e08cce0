"""A change of the code lists is a new edition of the operation."""

from django.db import migrations


class Migration(migrations.Migration):
    """One trigger."""

    dependencies = [("aid", "0002_wall"), ("rooms", "0004_edition")]
    operations = [
        migrations.RunSQL(
            "create trigger aid_reference_edition after insert or update or delete on aid_reference "
            "for each row execute function rooms_touch_operation()",
            "drop trigger aid_reference_edition on aid_reference",
        ),
    ]
