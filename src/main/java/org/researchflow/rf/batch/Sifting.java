package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.researchflow.rf.Failure;
import org.researchflow.rf.batch.Build.Setting;
import org.researchflow.rf.db.DataError;
import org.researchflow.rf.db.FailingColumn;
import org.researchflow.rf.plan.ViewPlan;
import org.researchflow.rf.source.Obstacle;
import org.researchflow.rf.source.Resources;
import org.researchflow.rf.sql.ViewSql;

/**
 * The rows of resources of which some make the view's SQL fail, put into a stored table. PostgreSQL does not say which
 * resource an error is about: they are worked through in portions, and a portion that fails is halved until only one is
 * left, which is set aside. All good ones come in, for little more than one pass over them.
 */
final class Sifting {

    private static final int PORTION = 2000;

    /** A view that fails on more resources than that does not fit its data. */
    private static final int MOST = 10_000;

    /** So many are enough to say that a definition is wrong. */
    private static final int MOST_STRICT = 100;

    private final Connection connection;
    private final ViewPlan plan;
    private final Resources resources;
    private final String store;
    private final SetAside setAside;
    private final Setting setting;
    private final String portions;
    private final boolean indexed;
    private final Map<DataError, Optional<String>> columns = new HashMap<>();
    private final Map<String, Tally> complaints = new LinkedHashMap<>();
    private int found;

    /** How many resources something is wrong with, and one of them. */
    private record Tally(int count, String example) {
        Tally oneMore() {
            return new Tally(count + 1, example);
        }
    }

    /** Prepares to put rows into a stored table, in a transaction. */
    Sifting(Connection connection, ViewPlan plan, Resources resources, Target target, Setting setting) {
        this.connection = connection;
        this.plan = plan;
        this.resources = resources;
        this.store = target.store();
        this.setAside = target.setAside();
        this.setting = setting;
        this.indexed = target.indexed();
        this.portions = Catalog.STORE + ".v" + setAside.number() + "_portions";
    }

    /**
     * Where rows go, and where resources without any.
     *
     * @param store the stored table, as SQL text
     * @param indexed whether the table has its indexes already
     */
    record Target(String store, SetAside setAside, boolean indexed) {}

    /** Puts in the rows of the live resources of a table, all at once as long as none makes the SQL fail. */
    long insert(String among) throws SQLException {
        Savepoint before = connection.setSavepoint();
        try {
            long rows = insertAmong(among);
            connection.releaseSavepoint(before);
            return rows;
        } catch (SQLException e) {
            dataError(e);
            connection.rollback(before);
            return sift("select distinct res_id from " + among + " where res_id is not null");
        }
    }

    /** Puts in the rows of all live resources, knowing that some make the SQL fail. */
    long insertAll() throws SQLException {
        return sift("select distinct res_id from (" + resources.identities(plan.resourceType()) + ") i where live");
    }

    private long sift(String ids) throws SQLException {
        execute("create unlogged table " + portions
                + " as select row_number() over (order by res_id) as n, res_id from (" + ids + ") i");
        execute("create unique index on " + portions + " (n)");
        execute("analyze " + portions);
        long last = count();
        long rows = 0;
        for (long first = 1; first <= last; first += PORTION) {
            rows += sift(first, Math.min(last, first + PORTION - 1));
        }
        execute("drop table " + portions);
        if (setting.strict() && found > 0) {
            throw failure();
        }
        return rows;
    }

    private long sift(long first, long last) throws SQLException {
        Savepoint before = connection.setSavepoint();
        try {
            long rows = insertAmong(portion(first, last));
            connection.releaseSavepoint(before);
            return rows;
        } catch (SQLException e) {
            DataError error = dataError(e);
            connection.rollback(before);
            connection.releaseSavepoint(before);
            if (first == last) {
                setAside(first, error);
                return 0;
            }
            long middle = (first + last) / 2;
            return sift(first, middle) + sift(middle + 1, last);
        }
    }

    /** The error of a resource; a value too long for an index is the index's, which a full build leaves out. */
    private DataError dataError(SQLException error) throws SQLException {
        if (indexed && Indexes.isTooLong(error)) {
            throw error;
        }
        return DataError.require(error);
    }

    private String portion(long first, long last) {
        return portions + " where n between " + first + " and " + last;
    }

    private long insertAmong(String among) throws SQLException {
        return execute("insert into " + store + "\n" + sql(plan, among));
    }

    private String sql(ViewPlan some, String among) {
        return ViewSql.keyed(some, resources.among(among, plan.resourceType(), plan.readsId(), plan.readsMeta()))
                .text();
    }

    private void setAside(long n, DataError error) throws SQLException {
        String one = portion(n, n);
        boolean json = !FailingColumn.works(
                connection,
                "select max(resource::text) from ("
                        + resources
                                .among(one, plan.resourceType(), false, false)
                                .query() + ") r");
        Optional<String> column = json ? Optional.empty() : column(one, error);
        Obstacle obstacle = json ? Obstacle.INVALID_JSON : error.raised() ? Obstacle.RULE : Obstacle.VALUE;
        long resId = resId(n);
        String complaint = complaint(obstacle, column, error);
        Tally before = complaints.get(complaint);
        complaints.put(
                complaint,
                before == null ? new Tally(1, setting.names().of(plan.resourceType(), key(resId))) : before.oneMore());
        setAside.add(
                resources.identities(plan.resourceType()),
                resId,
                obstacle,
                column.orElse(null),
                error.raised() ? error.text() : error.text() + " (SQLSTATE " + error.state() + ")");
        if (++found == (setting.strict() ? MOST_STRICT : MOST)) {
            throw failure();
        }
    }

    private Optional<String> column(String one, DataError error) throws SQLException {
        FailingColumn failing = new FailingColumn(connection, plan, some -> sql(some, one));
        Optional<String> before = columns.getOrDefault(error, Optional.empty());
        if (before.isPresent() && failing.fails(before.get())) {
            return before;
        }
        Optional<String> found = failing.find();
        if (found.isPresent()) {
            columns.put(error, found);
        }
        return found;
    }

    private Failure failure() {
        String first = complaints.keySet().iterator().next();
        Failure failure = Failure.failed(first);
        String atLeast = found == (setting.strict() ? MOST_STRICT : MOST) ? "at least " : "";
        complaints.forEach((complaint, tally) -> failure.note(
                "why",
                (complaint.equals(first) ? "" : complaint + ": ")
                        + atLeast
                        + tally.count()
                        + (tally.count() == 1 ? " resource: " : " resources, such as ")
                        + tally.example()));
        return setting.strict()
                ? failure.note(
                        "try",
                        "create --set-aside, or refresh without --strict: leaves them out, and every answer says so")
                : failure.note("note", "so many cannot be set aside: the definition does not fit the data");
    }

    private String complaint(Obstacle obstacle, Optional<String> column, DataError error) {
        return switch (obstacle) {
            case RULE -> error.text();
            case INVALID_JSON -> "bodies of " + plan.resourceType() + " are not JSON that PostgreSQL can hold";
            default -> error.about(plan.name(), column);
        };
    }

    private long count() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select coalesce(max(n), 0) from " + portions)) {
            row.next();
            return row.getLong(1);
        }
    }

    private long resId(long n) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("select res_id from " + portions + " where n = ?")) {
            statement.setLong(1, n);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private String key(long resId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("select min(i.key) from ("
                + resources.identities(plan.resourceType()) + ") i where i.live and i.res_id = ?")) {
            statement.setLong(1, resId);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getString(1);
            }
        }
    }

    private long execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            return statement.execute(sql) ? 0 : statement.getLargeUpdateCount();
        }
    }
}
