"""A panel may be picked from the list of everybody who is eligible."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("panels", "0001_initial"),)

    operations = (
        migrations.AlterField(
            model_name="panelrequest",
            name="mode",
            field=models.CharField(
                choices=[
                    ("direct", "系统随机抽取"),
                    ("push", "系统随机推送后选取"),
                    ("select", "列出全部符合条件的专家后选取"),
                ],
                max_length=8,
            ),
        ),
    )
