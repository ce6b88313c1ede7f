from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('taxonomy', '0001_initial'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='countyclass',
            index=models.Index(fields=['name'], name='county_class_name'),
        ),
        migrations.AddIndex(
            model_name='countyclass',
            index=models.Index(fields=['code'], name='county_class_code'),
        ),
        migrations.AddIndex(
            model_name='countyclass',
            index=models.Index(fields=['major_code'], name='county_class_major'),
        ),
    ]
