package org.researchflow.rf.batch;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * How a message names a resource without telling who it is: by a hash of its key with a secret that only rf's own role
 * can read. The same resource has the same name in all messages, and nobody else can find the key by trying.
 */
sealed interface ResourceNames {

    /** Creates the secret, once; row security keeps everybody from it whom a grant on all tables would let in. */
    String CREATION = """
            create table if not exists sqlonfhir_store.secret (one boolean primary key default true check (one), key bytea not null);
            alter table sqlonfhir_store.secret enable row level security;
            revoke all on sqlonfhir_store.secret from public;
            comment on table sqlonfhir_store.secret is 'Makes the hashes that stand for resources in messages';
            insert into sqlonfhir_store.secret (key)
            select decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex')
                on conflict do nothing;
            """;

    /** What stands for a resource, such as {@code Patient 3f2a9c01d2ab}. */
    String of(String type, String key);

    /** The keys themselves. */
    record Shown() implements ResourceNames {
        @Override
        public String of(String type, String key) {
            return type + "/" + key;
        }
    }

    /** Hashes of the keys. */
    record Hashed(SecretKeySpec secret) implements ResourceNames {
        private static final int DIGITS = 12;

        @Override
        public String of(String type, String key) {
            try {
                Mac mac = Mac.getInstance("HmacSHA256");
                mac.init(secret);
                byte[] hash = mac.doFinal((type + "/" + key).getBytes(StandardCharsets.UTF_8));
                return type + " " + HexFormat.of().formatHex(hash).substring(0, DIGITS);
            } catch (NoSuchAlgorithmException | InvalidKeyException e) {
                throw new IllegalStateException("every Java runtime has HmacSHA256", e);
            }
        }
    }

    /** Nothing but the type: this role may not read the secret. */
    record Hidden() implements ResourceNames {
        @Override
        public String of(String type, String key) {
            return type;
        }
    }

    static ResourceNames read(Connection connection, boolean shown) throws SQLException {
        return shown
                ? new Shown()
                : secret(connection).<ResourceNames>map(Hashed::new).orElseGet(Hidden::new);
    }

    private static Optional<SecretKeySpec> secret(Connection connection) throws SQLException {
        String may = """
                select exists (select from pg_catalog.pg_class c
                                 join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                                where n.nspname = 'sqlonfhir_store' and c.relname = 'secret'
                                  and has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select'))
                """;
        try (Statement statement = connection.createStatement()) {
            try (ResultSet row = statement.executeQuery(may)) {
                if (!row.next() || !row.getBoolean(1)) {
                    return Optional.empty();
                }
            }
            try (ResultSet row = statement.executeQuery("select key from sqlonfhir_store.secret")) {
                return row.next() ? Optional.of(new SecretKeySpec(row.getBytes(1), "HmacSHA256")) : Optional.empty();
            }
        }
    }
}
