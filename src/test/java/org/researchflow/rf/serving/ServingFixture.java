package org.researchflow.rf.serving;

import java.sql.Connection;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.batch.SourceSettings;
import org.researchflow.rf.cohort.Code;
import org.researchflow.rf.cohort.Cohort;
import org.researchflow.rf.cohort.Event;
import org.researchflow.rf.cohort.Gender;
import org.researchflow.rf.cohort.RowFilter;
import org.researchflow.rf.db.Address;
import org.researchflow.rf.db.ConnectionSettings;
import org.researchflow.rf.db.Database;
import org.researchflow.rf.fhir.FhirVersion;
import org.researchflow.rf.speed.SpeedLayer;

/** The serving layer of a test's database, and questions to it. */
record ServingFixture(TestDatabase database) {

    static final SourceSettings SETTINGS = new SourceSettings("public", ZoneOffset.UTC, FhirVersion.R4);

    Serving hybrid(SpeedLayer changes) {
        return serving(RunnerName.HYBRID, SpeedSide.Present.of(changes));
    }

    Serving hybrid() {
        return serving(RunnerName.HYBRID, new SpeedSide.Absent());
    }

    Serving recomputing() {
        return serving(RunnerName.POSTGRES, new SpeedSide.Off());
    }

    Database at() {
        return new Database(ConnectionSettings.of(
                new Address(database.host(), database.port()),
                database.database(),
                database.user(),
                Optional.of(database.password()),
                "the test"));
    }

    Serving serving(RunnerName runner, SpeedSide speed) {
        return new Serving(
                at(), SETTINGS, runner, ServingOptions.DEFAULT.withSpeed(speed).unlogged());
    }

    /** The number of a view's rows, and a digest of them. */
    static Served<String> digest(Serving serving, Connection connection, String view) {
        return serving.answer(
                connection,
                views -> RowFilter.digest(views.named(view)),
                (rows, _) -> {
                    rows.next();
                    return rows.getLong(1) + " " + rows.getString(2);
                },
                _ -> () -> {});
    }

    static Served<Counted<Long>> count(Serving serving, Connection connection, Cohort cohort) {
        return serving.count(connection, Serving.CountQuestion.of(cohort), _ -> () -> {});
    }

    static Cohort cohort(String gender, String... codes) {
        return Cohort.all(List.of(
                Gender.parse(List.of(gender)),
                Event.condition(Stream.of(codes).map(Code::parse).toArray(Code[]::new))));
    }
}
