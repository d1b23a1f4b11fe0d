"""Reports of readers, the editors' steps with them, and counts for the limits."""

import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
import django.utils.timezone
import entities.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ReaderReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_hash', entities.fields.LineField(help_text='SHA-256 of the token in the address that the reader has.', max_length=64, unique=True)),
                ('kind', entities.fields.ChoiceField(choices=[('organisation', 'organisation'), ('facility', 'facility'), ('person', 'person'), ('post', 'post'), ('event', 'event'), ('commitment', 'commitment'), ('relation', 'relation'), ('quote', 'quote'), ('document', 'document')], help_text='Kind of the record.', max_length=24)),
                ('slug', entities.fields.LineField(help_text='Public id of the record.', max_length=250, verbose_name='public id')),
                ('edition', models.PositiveIntegerField(help_text='Edition that the reader saw.')),
                ('release', models.PositiveBigIntegerField(help_text='Release that published the edition.')),
                ('field', entities.fields.LineField(blank=True, help_text='Address of the fact; empty: the record as a whole.', max_length=120)),
                ('problem', entities.fields.ChoiceField(choices=[('value', 'The value is wrong'), ('quote', 'A quote does not say this'), ('outdated', 'It is out of date'), ('source', 'I propose a source'), ('other', 'Something else')], help_text='What is wrong.', max_length=24)),
                ('text', entities.fields.ProseField(blank=True, help_text='What the reader wrote.')),
                ('source_url', entities.fields.WebAddressField(blank=True, help_text='Web address of a source, its host in ASCII.', max_length=1000)),
                ('contact', entities.fields.LineField(blank=True, help_text='How to reach the reader. Never published.', max_length=200)),
                ('sent_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now, help_text='When.')),
                ('state', entities.fields.ChoiceField(choices=[('new', 'new'), ('looking', 'looking into it'), ('changed', 'settled: changed'), ('unchanged', 'settled: not changed')], db_index=True, default='new', help_text='How far it is.', max_length=24)),
                ('answer', entities.fields.ProseField(blank=True, help_text='Answer that the reader sees.')),
            ],
            options={
                'ordering': ['sent_at', 'pk'],
                'permissions': [('answer_report', 'Can answer reports of readers')],
                'indexes': [models.Index(fields=['kind', 'slug'], name='report_record')],
                'constraints': [models.CheckConstraint(condition=models.Q(('source_url', ''), ('text', ''), _negated=True), name='report_says_something', violation_error_message='Write what is wrong, or give the address of a source.'), models.CheckConstraint(condition=models.Q(django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length('text'), 4000), django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length('answer'), 4000)), name='report_not_too_long', violation_error_message='The text is too long.'), models.CheckConstraint(condition=models.Q(('state__in', ('new', 'looking')), models.Q(('answer', ''), _negated=True), _connector='OR'), name='report_settled_with_answer', violation_error_message='A settled report has an answer.')],
            },
        ),
        migrations.CreateModel(
            name='SentReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address_hash', entities.fields.LineField(blank=True, help_text='Keyed hash of the network address; empty: not counted.', max_length=64)),
                ('sent_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now, help_text='When.')),
            ],
            options={
                'ordering': ['sent_at', 'pk'],
                'indexes': [models.Index(fields=['address_hash', 'sent_at'], name='sent_from_address')],
            },
        ),
        migrations.CreateModel(
            name='ReportStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', entities.fields.ChoiceField(choices=[('new', 'new'), ('looking', 'looking into it'), ('changed', 'settled: changed'), ('unchanged', 'settled: not changed')], help_text='State from then on.', max_length=24)),
                ('answer', entities.fields.ProseField(blank=True, help_text='Answer from then on.')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, help_text='When.')),
                ('by', models.ForeignKey(blank=True, help_text='Who did it.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='reports.readerreport')),
            ],
            options={
                'ordering': ['at', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ('new', 'looking')), models.Q(('answer', ''), _negated=True), _connector='OR'), name='report_step_settled_with_answer', violation_error_message='A settled report has an answer.'), models.CheckConstraint(condition=models.Q(django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length('answer'), 4000)), name='report_step_not_too_long', violation_error_message='The answer is too long.')],
            },
        ),
    ]
