import pytest, datetime
from django.db import connection, connections
from django.db.models import Q
from tests.api.conftest import admit
from tickets.queries import reading
from tickets.queries.visibility import visible_to
from units.actors import Actor
from core import clock
@pytest.mark.django_db(transaction=True)
def test_plans(committed):
    admit("hotline"); admit("bureau")
    with connection.cursor() as c:
        c.execute("""INSERT INTO tickets_ticket (number, public_token, client_id, external_no, external_hash, channel, category_id, title, content, facts, extra, address, reported_at, registered_at, status, round, unit_id, tier, last_seq, next_clock, assignee)
        SELECT 'n'||i, 't'||i, CASE WHEN i%3=0 THEN 'hotline' WHEN i%5000=1 THEN 'bureau' END, 'e'||i, '', 'phone', CASE WHEN i%100=0 THEN 'staff_misconduct' ELSE 'general' END, 'x','x','{}','{}','', now()-i*interval '1 minute', now(), CASE WHEN i%20=0 THEN 'dispatched' ELSE 'closed' END,1, CASE WHEN i%1000=0 THEN 'legal' WHEN i%5=0 THEN 'metering' ELSE 'pipe-network' END,'3d',3,'','' FROM generate_series(1,300000) i""")
        c.execute("""INSERT INTO tickets_spell (ticket_id, seq, unit_id, starts_at, ended_at, "end", blamed_until) SELECT id, 2, unit_id, registered_at, now(), 'close', now() FROM tickets_ticket""")
        c.execute("""INSERT INTO tickets_reporter (ticket_id, name, phone, confidential) SELECT id, 'a', 'b', false FROM tickets_ticket""")
        c.execute("""INSERT INTO tickets_event (ticket_id, seq, verb, at, recorded_at, by_role, by_unit, by_name, by_client, status, clock_key, data) SELECT t.id, s, 'report', now(), now(), '','','','','closed','','{}' FROM tickets_ticket t, generate_series(1,3) s""")
    with connections["owner"].cursor() as c:
        c.execute("ANALYZE")
    mid = clock.now()-datetime.timedelta(minutes=150000)
    for name, actor in [("hotline",Actor("integration_client",client="hotline")),("bureau",Actor("integration_client",client="bureau")),("disp",Actor("dispatcher")),("pipe",Actor("handler",unit="pipe-network")),("metering",Actor("handler",unit="metering")),("legal",Actor("handler",unit="legal")),("disc",Actor("handler",unit="discipline"))]:
        for place in (None, (mid, 5)):
            tickets = visible_to(actor)
            if place:
                tickets = tickets.filter(reported_at__lte=mid).filter(Q(reported_at__lt=mid)|Q(id__lt=5))
            qs = tickets.order_by("-reported_at","-id").select_related("reporter").defer("content")[:51]
            print("===== list", name, bool(place)); print(qs.explain(analyze=True, buffers=True))
        for after in (0, 899900):
            ev = reading._told(actor, reading.Event.objects.filter(ticket__in=visible_to(actor), id__gt=after)).order_by("id").values("id","ticket__number")[:51]
            print("===== feed", name, after); print(ev.explain(analyze=True, buffers=True))
