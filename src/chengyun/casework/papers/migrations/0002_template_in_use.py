from django.db import migrations, models


def the_newest_is_in_use(apps, schema_editor):
    template = apps.get_model("papers", "OrderTemplate")
    newest = template.objects.order_by("-id").values_list("id", "name").first()
    if newest and newest[1]:
        template.objects.filter(id=newest[0]).update(is_active=True)


class Migration(migrations.Migration):

    dependencies = [
        ('papers', '0001_initial'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='ordertemplate',
            options={'verbose_name': '交办单模板'},
        ),
        migrations.AlterField(
            model_name='ordertemplate',
            name='at',
            field=models.DateTimeField(verbose_name='上传时间'),
        ),
        migrations.AlterField(
            model_name='ordertemplate',
            name='by_name',
            field=models.CharField(max_length=50, verbose_name='上传人'),
        ),
        migrations.AlterField(
            model_name='ordertemplate',
            name='name',
            field=models.CharField(max_length=120, verbose_name='文件名'),
        ),
        migrations.AlterField(
            model_name='ordertemplate',
            name='content',
            field=models.BinaryField(verbose_name='模板'),
        ),
        migrations.AddField(
            model_name='ordertemplate',
            name='note',
            field=models.CharField(blank=True, default='', max_length=200, verbose_name='说明'),
        ),
        migrations.AddField(
            model_name='ordertemplate',
            name='is_active',
            field=models.BooleanField(default=False, verbose_name='现用'),
        ),
        migrations.RunPython(the_newest_is_in_use, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='ordertemplate',
            constraint=models.UniqueConstraint(condition=models.Q(('is_active', True)), fields=('is_active',), name='one_order_template_in_use'),
        ),
    ]
