from django.db import migrations

from core.append_only import append_only

# Whoever writes a finding or a ledger line of a month holds that month's row until the transaction ends, so a closing
# waits for him or he finds it closed; nothing slips past. The search path is fixed, with temporary tables last: otherwise
# a temporary table of the same name would stand in for the months.
CLOSED_MONTHS = """
CREATE FUNCTION penalties_month_is_open(wanted text) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE found_status text;
BEGIN
    SELECT status INTO found_status FROM penalties_assessmentmonth WHERE code = wanted FOR SHARE;
    IF found_status = 'closed' THEN
        RAISE EXCEPTION 'month % is closed', wanted USING ERRCODE = 'insufficient_privilege';
    END IF;
END $$;

CREATE FUNCTION penalties_month_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.status = 'closed' THEN
        RAISE EXCEPTION 'month % is closed', OLD.code USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER closed_month_stays BEFORE UPDATE OR DELETE ON penalties_assessmentmonth
    FOR EACH ROW EXECUTE FUNCTION penalties_month_stays();

CREATE FUNCTION penalties_row_of_open_month() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN PERFORM penalties_month_is_open(OLD.month_id); END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    PERFORM penalties_month_is_open(NEW.month_id);
    RETURN NEW;
END $$;
CREATE TRIGGER finding_of_open_month BEFORE INSERT OR UPDATE OR DELETE ON penalties_finding
    FOR EACH ROW EXECUTE FUNCTION penalties_row_of_open_month();
CREATE TRIGGER ledger_entry_of_open_month BEFORE INSERT ON penalties_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION penalties_row_of_open_month();

CREATE FUNCTION penalties_evidence_of_open_month() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM penalties_month_is_open(f.month_id) FROM penalties_finding f WHERE f.id = OLD.finding_id;
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    PERFORM penalties_month_is_open(f.month_id) FROM penalties_finding f WHERE f.id = NEW.finding_id;
    RETURN NEW;
END $$;
CREATE TRIGGER evidence_of_open_month BEFORE INSERT OR UPDATE OR DELETE ON penalties_findingmiss
    FOR EACH ROW EXECUTE FUNCTION penalties_evidence_of_open_month();

CREATE FUNCTION penalties_wage_of_open_month() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN PERFORM penalties_month_is_open(OLD.month); END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    PERFORM penalties_month_is_open(NEW.month);
    RETURN NEW;
END $$;
CREATE TRIGGER wage_of_open_month BEFORE INSERT OR UPDATE OR DELETE ON units_variablewage
    FOR EACH ROW EXECUTE FUNCTION penalties_wage_of_open_month();

CREATE TRIGGER months_stay BEFORE TRUNCATE ON penalties_assessmentmonth
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER findings_stay BEFORE TRUNCATE ON penalties_finding
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER evidence_stays BEFORE TRUNCATE ON penalties_findingmiss
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
"""

UNDO = """
DROP TRIGGER evidence_stays ON penalties_findingmiss;
DROP TRIGGER findings_stay ON penalties_finding;
DROP TRIGGER months_stay ON penalties_assessmentmonth;
DROP TRIGGER wage_of_open_month ON units_variablewage;
DROP FUNCTION penalties_wage_of_open_month();
DROP TRIGGER evidence_of_open_month ON penalties_findingmiss;
DROP TRIGGER ledger_entry_of_open_month ON penalties_ledgerentry;
DROP TRIGGER finding_of_open_month ON penalties_finding;
DROP TRIGGER closed_month_stays ON penalties_assessmentmonth;
DROP FUNCTION penalties_evidence_of_open_month();
DROP FUNCTION penalties_row_of_open_month();
DROP FUNCTION penalties_month_stays();
DROP FUNCTION penalties_month_is_open(text);
"""


class Migration(migrations.Migration):
    """What is closed cannot be changed: ledger and trace only grow, a closed month shuts its findings."""

    dependencies = [("penalties", "0001_initial")]

    operations = [
        append_only("penalties_ledgerentry"),
        append_only("penalties_assessmentevent"),
        migrations.RunSQL(CLOSED_MONTHS, UNDO),
    ]
