-- A gallery shows names and sizes of formats. Reading them out of each whole document took two milliseconds of every
-- answer to a code, so each version carries them; a version never changes.

CREATE FUNCTION formats_of_document(document json) RETURNS json
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (
    SELECT json_agg(json_build_object(
        'name', format.key, 'width', format.value -> 'width', 'height', format.value -> 'height'))
    FROM json_each(document -> 'formats') AS format
);
REVOKE ALL ON FUNCTION formats_of_document(json) FROM public;
GRANT EXECUTE ON FUNCTION formats_of_document(json) TO promostack_app;

ALTER TABLE template_versions ADD COLUMN formats json GENERATED ALWAYS AS (formats_of_document(document)) STORED;
