package org.researchflow.rf.source;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.researchflow.rf.Failure;
import org.researchflow.rf.sql.Identifiers;
import org.researchflow.rf.sql.ResourceRelation;

/**
 * The resources in a HAPI server's tables, as resource relations.
 *
 * @param schema the tables as they are
 * @param serverZone the time zone of the server's JVM, in which HAPI writes its timestamps (without saying so)
 * @param decoded whether bodies were decoded out of large objects
 * @param serverBase the server's own base URL, with a slash at its end
 */
public record HapiResources(HapiSchema schema, ZoneId serverZone, boolean decoded, Optional<String> serverBase)
        implements Resources {

    /** Creates the table of the store that decoded bodies are kept in. */
    public static final String CREATION = DecodedBodies.CREATION;

    /** Looks which tables and bodies there are; a {@link Failure} when HAPI has none in this schema. */
    public static HapiResources open(Connection connection, String schema, ZoneId serverZone) throws SQLException {
        HapiSchema detected = HapiSchema.detect(connection, schema);
        return new HapiResources(detected, serverZone, DecodedBodies.exist(connection, detected), Optional.empty());
    }

    /** The same, of a server whose own base URL is this one. */
    public HapiResources under(Optional<String> base) {
        return new HapiResources(schema, serverZone, decoded, base);
    }

    /**
     * The live resources of a type, each in its current version. HAPI stores a body without {@code id} and {@code
     * meta}; they are put back on request only, because each costs time.
     */
    @Override
    public ResourceRelation of(String resourceType, boolean withId, boolean withMeta) {
        return relation(resourceType, withId, withMeta, "");
    }

    @Override
    public ResourceRelation among(String table, String resourceType, boolean withId, boolean withMeta) {
        return relation(resourceType, withId, withMeta, "res_id in (select res_id from " + table + ")");
    }

    @Override
    public ResourceRelation except(String table, String resourceType, boolean withId, boolean withMeta) {
        return relation(resourceType, withId, withMeta, "res_id not in (select res_id from " + table + ")");
    }

    @Override
    public String updatedSince(String resourceType, Instant moment) {
        String written = moment.atZone(serverZone).toLocalDateTime().toString();
        return """
                select r.res_id, %s as key, r.res_ver as version
                  from %s r
                %s where r.res_type = %s and r.res_updated >= timestamp %s""".formatted(
                        key(),
                        schema.table("hfj_resource"),
                        forcedIds(),
                        Identifiers.literal(resourceType),
                        Identifiers.literal(written));
    }

    @Override
    public String writtenUpTo(String resourceType, String age) {
        return Sweep.query(schema.table("hfj_resource"), "res_type", "res_id", resourceType, age);
    }

    @Override
    public Resources lasting() {
        return new HapiResources(schema, serverZone, schema.has("hfj_res_ver", "res_text"), serverBase);
    }

    @Override
    public String layout() {
        return schema.layout();
    }

    private ResourceRelation relation(String resourceType, boolean withId, boolean withMeta, String restriction) {
        return new ResourceRelation(
                withMeta
                        ? withMeta(resourceType, withId, restriction)
                        : stored(resourceType, resource(withId), "", restriction),
                isPartitionable(),
                serverBase);
    }

    @Override
    public String identities(String resourceType) {
        return """
                select r.res_id, %s as key, r.res_ver as version, r.res_deleted_at is null as live
                  from %s r
                %s where r.res_type = %s""".formatted(key(), schema.table("hfj_resource"), forcedIds(), Identifiers.literal(resourceType));
    }

    /**
     * A query of what the tag tables add to the resources of a type, as {@code (res_id bigint, digest uuid)}: equal
     * digests, equal profiles, tags and security labels. Resources without any are not in it; the query is empty where
     * HAPI has no such tables.
     */
    @Override
    public Optional<String> tagDigests(String resourceType) {
        return hasTags()
                ? Optional.of("select res_id, md5(string_agg(meta::text, ',' order by part))::uuid as digest\n  from ("
                        + tagsByResource(resourceType, "") + ") tags\n group by res_id")
                : Optional.empty();
    }

    @Override
    public boolean hasAtLeast(Connection connection, String resourceType, long count) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("select count(*) from (select from "
                + schema.table("hfj_resource") + " where res_type = ? and res_deleted_at is null limit ?) live")) {
            statement.setString(1, resourceType);
            statement.setLong(2, count);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1) >= count;
            }
        }
    }

    @Override
    public Optional<String> unreadable(String resourceType) {
        return Optional.of(unreadable(List.of(resourceType)));
    }

    @Override
    public Set<String> typesWithUnreadable(Connection connection, Collection<String> resourceTypes)
            throws SQLException {
        Set<String> found = new HashSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("select distinct res_type from (" + unreadable(resourceTypes) + ") u")) {
            while (row.next()) {
                found.add(row.getString(1));
            }
        }
        return found;
    }

    // Looks which body column is null, never at a body: nothing is read back from TOAST.
    private String unreadable(Collection<String> resourceTypes) {
        return """
                select res_id, key, version, reason, res_type
                  from (
                    select r.res_id, r.res_type, %s as key, r.res_ver as version,
                           case when v.res_id is null then 'NO_VERSION'
                                when v.res_encoding = 'ESR' then 'ELSEWHERE'
                                when %s is not null then null
                %s                                else 'NO_BODY'
                           end as reason
                      from %s r
                      left join %s v on %s
                %s%s     where r.res_type in (%s) and r.res_deleted_at is null
                    ) bodies
                 where reason is not null""".formatted(
                        key(),
                        body(),
                        reasonOfLargeObject(),
                        schema.table("hfj_resource"),
                        schema.table("hfj_res_ver"),
                        schema.currentVersion(),
                        decodedBodies(),
                        forcedIds(),
                        resourceTypes.stream().map(Identifiers::literal).collect(Collectors.joining(", ")));
    }

    private String reasonOfLargeObject() {
        if (!schema.has("hfj_res_ver", "res_text")) {
            return "";
        }
        return """
                when v.res_text is not null then coalesce(%s
                  (select case when %s then 'UNDECODED' else 'NO_RIGHT' end
                     from pg_catalog.pg_largeobject_metadata m where m.oid = v.res_text),
                  'OBJECT_MISSING')
                """.formatted(decoded ? "b.problem," : "", LargeObjects.READABLE).indent(16);
    }

    @Override
    public boolean needsDecoding(Connection connection) throws SQLException {
        return new LargeObjects(schema).exist(connection);
    }

    @Override
    public long decode(Connection reader, Connection writer, Collection<String> resourceTypes, long[] ids)
            throws SQLException {
        return new LargeObjects(schema).decode(reader, writer, resourceTypes, ids);
    }

    @Override
    public void forgetPast(Connection connection, long[] ids) throws SQLException {
        new DecodedBodies(schema).forgetPast(connection, ids);
    }

    @Override
    public void forgetPast(Connection connection) throws SQLException {
        new DecodedBodies(schema).forgetPast(connection);
    }

    /** The text of a body as HAPI or its decoding left it. */
    private String body() {
        List<String> places = new ArrayList<>();
        if (schema.has("hfj_res_ver", "res_text_vc")) {
            places.add("v.res_text_vc");
        }
        if (decoded) {
            places.add("b.resource");
        }
        return switch (places.size()) {
            case 0 -> "null::text";
            case 1 -> places.getFirst();
            default -> "coalesce(" + String.join(", ", places) + ")";
        };
    }

    private String decodedBodies() {
        return decoded ? new DecodedBodies(schema).join() : "";
    }

    private String stored(String resourceType, String resource, String more, String restriction) {
        return """
                select %s as key, r.res_ver as version%s,
                       %s as resource%s
                  from %s r
                  join %s v on %s
                %s%s where r.res_type = %s and r.res_deleted_at is null
                   and v.res_encoding <> 'ESR' and %s is not null%s
                offset '0'""".formatted(
                        key(),
                        isPartitionable() ? ", " + scope() + " as scope" : "",
                        resource,
                        more,
                        schema.table("hfj_resource"),
                        schema.table("hfj_res_ver"),
                        schema.currentVersion(),
                        decodedBodies(),
                        forcedIds(),
                        Identifiers.literal(resourceType),
                        body(),
                        restriction.isEmpty() ? "" : "\n   and r." + restriction);
    }

    private String resource(boolean withId) {
        String body = body() + "::jsonb";
        return withId ? body + " || jsonb_build_object('id', " + id() + ")" : body;
    }

    // Ids that clients give are unique in a partition only. The default partition may have no number.
    private String key() {
        return isPartitionable() ? scope() + " || " + id() : id();
    }

    private static String scope() {
        return "coalesce(r.partition_id || '/', '')";
    }

    private boolean isPartitionable() {
        return schema.has("hfj_resource", "partition_id");
    }

    // Whatever the version of HAPI has: the logical id since 6.4 (filled for all since 7.0), before that a client's
    // own id in a table of its own, and the number that the server gave.
    private String id() {
        return Stream.of(
                        schema.has("hfj_resource", "fhir_id") ? "r.fhir_id" : "",
                        hasForcedIds() ? "f.forced_id" : "",
                        "r.res_id::text")
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(", ", "coalesce(", ")"));
    }

    private boolean hasForcedIds() {
        return schema.has("hfj_forced_id", "forced_id") && schema.has("hfj_forced_id", "resource_pid");
    }

    private String forcedIds() {
        return hasForcedIds()
                ? "  left join " + schema.table("hfj_forced_id") + " f on f.resource_pid = r.res_id"
                        + (schema.keyedByPartition() && schema.has("hfj_forced_id", "partition_id")
                                ? " and f.partition_id = r.partition_id"
                                : "")
                        + "\n"
                : "";
    }

    private String withMeta(String resourceType, boolean withId, String restriction) {
        String more =
                ",\n       r.res_id, " + schema.partition("r") + " as part, " + lastUpdated() + " as last_updated";
        String tagged = hasTags() ? "coalesce(tags.meta, '{}') || " : "";
        // A meta stored in the body is what HAPI itself would show, so it goes before the tag tables.
        return """
                select key, version%s,
                       resource || jsonb_build_object('meta', %scoalesce(resource -> 'meta', '{}')
                         || jsonb_build_object('versionId', version::text, 'lastUpdated', last_updated)) as resource
                  from (
                %s) stored
                %soffset '0'""".formatted(
                isPartitionable() ? ", scope" : "",
                tagged,
                stored(resourceType, resource(withId), more, restriction).indent(4),
                hasTags() ? tags(resourceType, restriction) : "");
    }

    // FHIR's instant, whatever TimeZone and DateStyle the session has.
    private String lastUpdated() {
        ZoneId zone = serverZone.normalized();
        String utc = zone.equals(ZoneOffset.UTC)
                ? "r.res_updated"
                : "r.res_updated at time zone " + zone(zone) + " at time zone 'UTC'";
        return "to_char(" + utc + ", 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')";
    }

    @Override
    public boolean sharesIds() {
        return schema.keyedByPartition();
    }

    @Override
    public SourceState state(Connection connection) throws SQLException {
        return SourceState.read(
                connection,
                schema.table("hfj_resource"),
                List.of(schema.table("hfj_res_tag"), schema.table("hfj_tag_def")));
    }

    @Override
    public Optional<Sweep> changes(Connection connection, int age) throws SQLException {
        return Sweep.ofAll(connection, schema.table("hfj_resource"), "res_type", "res_id", age);
    }

    @Override
    public Optional<Sweep> changes(Connection connection, Collection<String> resourceTypes, int age)
            throws SQLException {
        return Sweep.of(connection, schema.table("hfj_resource"), "res_type", "res_id", resourceTypes, age);
    }

    @Override
    public Optional<Duration> ahead(Connection connection) throws SQLException {
        try (PreparedStatement statement =
                        connection.prepareStatement("select extract(epoch from max(res_updated) at time zone "
                                + zone(serverZone.normalized()) + " - now()) as ahead from "
                                + schema.table("hfj_resource"));
                ResultSet row = statement.executeQuery()) {
            row.next();
            return Optional.of(Duration.ofSeconds(row.getLong("ahead"))).filter(Duration::isPositive);
        }
    }

    // PostgreSQL reads the sign of an offset's name the POSIX way round, so an offset is given as an interval.
    private static String zone(ZoneId zone) {
        return zone instanceof ZoneOffset offset
                ? "interval '" + offset.getTotalSeconds() + " seconds'"
                : Identifiers.literal(zone.getId());
    }

    private boolean hasTags() {
        return schema.has("hfj_res_tag", "tag_id") && schema.has("hfj_tag_def", "tag_type");
    }

    private String tags(String resourceType, String restriction) {
        return "  left join (\n"
                + tagsByResource(resourceType, restriction).indent(4).stripTrailing()
                + ") tags on tags.res_id = stored.res_id and tags.part = stored.part\n";
    }

    // tag_type: 0 tag, 1 profile, 2 security label. hfj_tag_def may hold the same one twice.
    private String tagsByResource(String resourceType, String restriction) {
        return """
                select t.res_id, %6$s as part, jsonb_strip_nulls(jsonb_build_object(
                         'profile', jsonb_agg(distinct d.tag_code) filter (where d.tag_type = 1),
                         'tag', jsonb_agg(distinct %1$s) filter (where d.tag_type = 0),
                         'security', jsonb_agg(distinct %1$s) filter (where d.tag_type = 2))) as meta
                  from %2$s t
                  join %3$s d on d.tag_id = t.tag_id
                 where t.res_type = %4$s%5$s
                 group by t.res_id, part""".formatted(
                        coding(),
                        schema.table("hfj_res_tag"),
                        schema.table("hfj_tag_def"),
                        Identifiers.literal(resourceType),
                        restriction.isEmpty() ? "" : " and t." + restriction,
                        schema.partition("t"));
    }

    private String coding() {
        return "jsonb_build_object('system', d.tag_system"
                + (schema.has("hfj_tag_def", "tag_version") ? ", 'version', d.tag_version" : "")
                + ", 'code', d.tag_code, 'display', d.tag_display"
                + (schema.has("hfj_tag_def", "tag_user_selected") ? ", 'userSelected', d.tag_user_selected" : "")
                + ")";
    }
}
