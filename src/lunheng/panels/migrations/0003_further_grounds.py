"""Experts are also left out for their own conditions and for their grade."""

from django.db import migrations, models

GROUNDS = (
    ("not_serving", "不在聘期或已暂停"),
    ("unqualified", "不具备专家的基本条件"),
    ("grade", "专家等级与方案的风险等级不相适应"),
    ("busy", "同一时段已参加其他论证"),
    ("party", "参建单位人员"),
    ("interest", "有利害关系"),
    ("relation", "所在单位与参建单位有上下级或利害关系"),
    ("same_plan", "曾为其他组织单位论证本方案"),
    ("asked", "本次申请中已抽取过"),
    ("sister", "所在单位是参建单位的兄弟单位"),
)


class Migration(migrations.Migration):
    dependencies = (("panels", "0002_a_list_of_everybody"),)
    operations = (
        migrations.AlterField("exclusion", "ground", models.CharField(choices=GROUNDS, max_length=32)),
    )
