select
    r.key::character varying as id,
    case
        when generalpractitioner.v->>'reference' not similar to '%[:?#]%' then nullif(split_part((generalpractitioner.v->>'reference'), '/', 2), '')
    end::character varying as "any",
    case
        when starts_with(generalpractitioner.v->>'reference', 'Practitioner/') then nullif(split_part((generalpractitioner.v->>'reference'), '/', 2), '')
    end::character varying as practitioner
from (
    select key, version, resource
    from resource
    where type = 'Patient'
) as r
cross join lateral jsonb_array_elements(r.resource->'generalPractitioner') with ordinality as generalpractitioner (v, i)
