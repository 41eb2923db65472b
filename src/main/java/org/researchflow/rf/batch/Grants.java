package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.sql.Identifiers;

/**
 * The rights that a relation's owner granted on it to others, to be given again on the one that takes its place.
 *
 * @param grants all of them, column by column where they are so
 */
record Grants(List<Grant> grants) {

    /**
     * One right of one role.
     *
     * @param privilege as SQL names it
     * @param role as SQL text; {@code public} is everybody
     * @param column the only column it holds for, if it does not hold for all
     * @param grantable whether the role may pass it on
     */
    record Grant(String privilege, String role, Optional<String> column, boolean grantable) {}

    Grants {
        grants = List.copyOf(grants);
    }

    private static final String FIND = """
            select a.privilege_type, a.is_grantable, r.rolname, null as attname
              from pg_catalog.pg_class c
             cross join lateral pg_catalog.aclexplode(c.relacl) a
              left join pg_catalog.pg_roles r on r.oid = a.grantee
             where c.oid = ?::regclass and a.grantee <> c.relowner
             union all
            select a.privilege_type, a.is_grantable, r.rolname, t.attname
              from pg_catalog.pg_attribute t
              join pg_catalog.pg_class c on c.oid = t.attrelid
             cross join lateral pg_catalog.aclexplode(t.attacl) a
              left join pg_catalog.pg_roles r on r.oid = a.grantee
             where c.oid = ?::regclass and not t.attisdropped and a.grantee <> c.relowner
            """;

    // What is moved into a schema does not get what is created there gets.
    private static final String DEFAULT = """
            select a.privilege_type, a.is_grantable, r.rolname, null as attname
              from pg_catalog.pg_default_acl d
             cross join lateral pg_catalog.aclexplode(d.defaclacl) a
              left join pg_catalog.pg_roles r on r.oid = a.grantee
             where d.defaclobjtype = 'r' and a.grantee <> d.defaclrole
               and d.defaclrole = (select oid from pg_catalog.pg_roles where rolname = current_user)
               and d.defaclnamespace in (0, (select oid from pg_catalog.pg_namespace where nspname = ?))
            """;

    /** Those that the schema's default privileges give on what this role creates there. */
    static Grants byDefault(Connection connection, String schema) throws SQLException {
        return read(connection, DEFAULT, schema);
    }

    static Grants of(Connection connection, String relation) throws SQLException {
        return read(connection, FIND, relation, relation);
    }

    private static Grants read(Connection connection, String query, String... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            for (int i = 0; i < values.length; i++) {
                statement.setString(i + 1, values[i]);
            }
            try (ResultSet row = statement.executeQuery()) {
                List<Grant> found = new ArrayList<>();
                while (row.next()) {
                    @Nullable String role = row.getString("rolname");
                    @Nullable String column = row.getString("attname");
                    found.add(new Grant(
                            row.getString("privilege_type"),
                            role == null ? "public" : Identifiers.identifier(role),
                            Optional.ofNullable(column),
                            row.getBoolean("is_grantable")));
                }
                return new Grants(found);
            }
        }
    }

    /** Gives exactly these rights on a new relation that has some of the columns; default privileges add nothing. */
    void giveOn(Connection connection, String relation, Set<String> columns) throws SQLException {
        Set<String> revoked = new LinkedHashSet<>();
        Grants.of(connection, relation).grants().forEach(grant -> revoked.add(grant.role()));
        try (Statement statement = connection.createStatement()) {
            for (String role : revoked) {
                statement.execute("revoke all on " + relation + " from " + role);
            }
            for (Grant grant : grants) {
                if (grant.column().isEmpty() || columns.contains(grant.column().get())) {
                    String column = grant.column()
                            .map(name -> " (" + Identifiers.identifier(name) + ")")
                            .orElse("");
                    statement.execute("grant " + grant.privilege() + column + " on " + relation + " to " + grant.role()
                            + (grant.grantable() ? " with grant option" : ""));
                }
            }
        }
    }
}
