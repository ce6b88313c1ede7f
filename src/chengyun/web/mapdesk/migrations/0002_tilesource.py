import datetime

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mapdesk', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='TileSource',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField(default=datetime.date(2000, 1, 1))),
                ('valid_to', models.DateField(blank=True, null=True)),
                ('name', models.CharField(max_length=50, verbose_name='名称')),
                ('address', models.CharField(max_length=1000, verbose_name='地址')),
                ('system', models.CharField(choices=[('wgs84', 'WGS-84 / CGCS2000'), ('gcj02', 'GCJ-02')], default='wgs84', max_length=8, verbose_name='坐标系')),
                ('credit', models.CharField(max_length=100, verbose_name='署名')),
                ('min_zoom', models.PositiveSmallIntegerField(default=0, verbose_name='最小级别')),
                ('max_zoom', models.PositiveSmallIntegerField(default=18, verbose_name='最大级别')),
                ('sort_order', models.PositiveSmallIntegerField(default=0, verbose_name='排序')),
            ],
            options={
                'verbose_name': '外部底图',
                'ordering': ['sort_order', 'pk'],
            },
        ),
    ]
