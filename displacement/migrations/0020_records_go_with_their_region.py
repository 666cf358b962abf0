"""What goes to another region with its household or person is touched, so that the feed of changes tells of it on both sides.

A touch is an UPDATE that alters no column (exchange.feed). Triggers hold it, since households are divided and joined, persons
merged, and regions put right, by actions and by hand.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION displacement_touch_people() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE displacement_household SET serial = serial WHERE id = NEW.id;
    UPDATE displacement_person SET serial = serial WHERE household_id = NEW.id;
    UPDATE displacement_movement SET kind = kind WHERE household_id = NEW.id
        OR person_id IN (SELECT id FROM displacement_person WHERE household_id = NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER household_goes_to_region AFTER UPDATE OF registered_in_id ON displacement_household
    FOR EACH ROW WHEN (NEW.registered_in_id IS DISTINCT FROM OLD.registered_in_id)
    EXECUTE FUNCTION displacement_touch_people();

CREATE FUNCTION displacement_touch_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT registered_in_id FROM displacement_household WHERE id = OLD.household_id)
        IS DISTINCT FROM (SELECT registered_in_id FROM displacement_household WHERE id = NEW.household_id) THEN
        UPDATE displacement_person SET serial = serial WHERE id = NEW.id;
        UPDATE displacement_movement SET kind = kind WHERE person_id = NEW.id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER person_goes_to_region AFTER UPDATE OF household_id ON displacement_person
    FOR EACH ROW WHEN (NEW.household_id IS DISTINCT FROM OLD.household_id)
    EXECUTE FUNCTION displacement_touch_person();

CREATE FUNCTION displacement_touch_movement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT h.registered_in_id FROM displacement_person p JOIN displacement_household h ON h.id = p.household_id
            WHERE p.id = OLD.person_id)
        IS DISTINCT FROM (SELECT h.registered_in_id FROM displacement_person p
            JOIN displacement_household h ON h.id = p.household_id WHERE p.id = NEW.person_id) THEN
        UPDATE displacement_movement SET kind = kind WHERE id = NEW.id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER movement_goes_to_region AFTER UPDATE OF person_id ON displacement_movement
    FOR EACH ROW WHEN (NEW.person_id IS DISTINCT FROM OLD.person_id)
    EXECUTE FUNCTION displacement_touch_movement();
"""
BACKWARD = """
DROP TRIGGER movement_goes_to_region ON displacement_movement;
DROP FUNCTION displacement_touch_movement();
DROP TRIGGER person_goes_to_region ON displacement_person;
DROP FUNCTION displacement_touch_person();
DROP TRIGGER household_goes_to_region ON displacement_household;
DROP FUNCTION displacement_touch_people();
"""


class Migration(migrations.Migration):
    dependencies = [("displacement", "0019_values_of_erased_people")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
