"""Where accounts come from, look-alike addresses, and what numbers made up in a row share."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


# One mailbox under many names: what follows a plus is a tag of its owner's, and Gmail
# also passes over dots and answers to googlemail.com. For counting, never for mailing.
MAIL_KEY = r"""
CREATE FUNCTION accounts_mail_key(email text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE
        WHEN part.domain IN ('gmail.com', 'googlemail.com')
            THEN replace(part.box, '.', '') || '@gmail.com'
        ELSE part.box || '@' || part.domain
    END
    FROM (
        SELECT coalesce(nullif(split_part(whole.name, '+', 1), ''), whole.name) AS box,
               whole.domain
        FROM (
            SELECT lower(regexp_replace(email, '@[^@]*$', '')) AS name,
                   lower(substring(email from '[^@]*$')) AS domain
        ) whole
    ) part
$$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_identity_checks'),
    ]

    operations = [
        migrations.CreateModel(
            name='Trace',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(choices=[('SIGN_UP', 'mendaftar'), ('SIGN_IN', 'masuk')], max_length=7)),
                ('device', models.CharField(blank=True, default='', max_length=64)),
                ('address', models.GenericIPAddressField(null=True)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'verbose_name': 'jejak',
                'verbose_name_plural': 'jejak',
            },
        ),
        migrations.AddField(
            model_name='applicant',
            name='nik_region',
            field=models.CharField(blank=True, default='', editable=False, max_length=32),
        ),
        migrations.AddField(
            model_name='applicant',
            name='nik_stem',
            field=models.CharField(blank=True, default='', editable=False, max_length=32),
        ),
        migrations.RunSQL(MAIL_KEY, "DROP FUNCTION accounts_mail_key(text)"),
        migrations.AddField(
            model_name='user',
            name='mail_key',
            field=models.GeneratedField(db_persist=True, expression=models.Func(models.F('email'), function='accounts_mail_key'), output_field=models.CharField(max_length=254)),
        ),
        migrations.AddField(
            model_name='user',
            name='suspended_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='ditangguhkan'),
        ),
        migrations.AddIndex(
            model_name='applicant',
            index=models.Index(condition=models.Q(('nik_stem', ''), _negated=True), fields=['nik_stem'], name='applicant_nik_stem'),
        ),
        migrations.AddIndex(
            model_name='applicant',
            index=models.Index(condition=models.Q(('kk_digest', ''), _negated=True), fields=['kk_digest'], name='applicant_kk_digest'),
        ),
        migrations.AddIndex(
            model_name='user',
            index=models.Index(fields=['mail_key'], name='user_mail_key'),
        ),
        migrations.AddIndex(
            model_name='user',
            index=models.Index(condition=models.Q(('phone', ''), _negated=True), fields=['phone'], name='user_phone'),
        ),
        migrations.AddField(
            model_name='trace',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='traces', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='trace',
            index=models.Index(fields=['user', '-at'], name='trace_user'),
        ),
        migrations.AddIndex(
            model_name='trace',
            index=models.Index(condition=models.Q(('device', ''), _negated=True), fields=['device', '-at'], name='trace_device'),
        ),
        migrations.AddIndex(
            model_name='trace',
            index=models.Index(fields=['address', '-at'], name='trace_address'),
        ),
        migrations.AddIndex(
            model_name='trace',
            index=models.Index(fields=['at'], name='trace_at'),
        ),
        migrations.AddConstraint(
            model_name='trace',
            constraint=models.CheckConstraint(condition=models.Q(('what__in', ['SIGN_UP', 'SIGN_IN'])), name='trace_what_known'),
        ),
    ]
