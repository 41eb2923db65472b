package org.researchflow.rf.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.researchflow.rf.config.Configuration;

/** Where the database is, from flags, variables and files. */
class ConnectionResolverTest {

    @TempDir
    Path home;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            postgresql://                                      | localhost:5432 os os -
            postgres://                                        | localhost:5432 os os -
            postgresql://db                                    | db:5432 os os -
            postgresql://db/hapi                               | db:5432 hapi os -
            postgresql:///hapi                                 | localhost:5432 hapi os -
            postgresql://db:5433/hapi                          | db:5433 hapi os -
            postgresql://db:/hapi                              | db:5432 hapi os -
            postgresql://rf@db/hapi                            | db:5432 hapi rf -
            postgresql://rf@                                   | localhost:5432 rf rf -
            postgresql://rf:geheim@db/hapi                     | db:5432 hapi rf geheim
            postgresql://:geheim@db/hapi                       | db:5432 hapi os geheim
            postgresql://rf:a:b@db/hapi                        | db:5432 hapi rf a:b
            postgresql://rf:%3a%40%2F%25+@db/%c3%bc            | db:5432 ü rf :@/%+
            postgresql://[::1]:5433/hapi                       | [::1]:5433 hapi os -
            postgresql://[::1]/hapi                            | [::1]:5432 hapi os -
            postgresql://a:1,b:2/hapi                          | a:1,b:2 hapi os -
            postgresql://a,b/hapi                              | a:5432,b:5432 hapi os -
            postgresql://a,b:2/hapi                            | a:5432,b:2 hapi os -
            postgresql:///?host=db&port=5433&dbname=x&user=y   | db:5433 x y -
            postgresql://db/hapi?password=geheim&user=rf       | db:5432 hapi rf geheim
            postgresql://db/hapi?hostaddr=127.0.0.1            | 127.0.0.1:5432 hapi os -
            jdbc:postgresql://db:5433/hapi?user=rf&password=a+b| db:5433 hapi rf a b
            jdbc:postgresql://rf:geheim@db/hapi                | db:5432 hapi rf geheim
            """)
    void urlSaysWhereTheDatabaseIs(String url, String expected) {
        assertThat(inShort(Map.of("RF_DB_URL", url))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            postgresql://db?sslmode=require                    | {sslmode=require}
            postgresql://db?ssl=true                           | {sslmode=require}
            jdbc:postgresql://db?ssl=true                      | {sslmode=verify-full}
            jdbc:postgresql://db/?ssl                          | {sslmode=verify-full}
            postgresql://db?application_name=a%20b&options=-c%20x%3D1 | {ApplicationName=a b, options=-c x=1}
            postgresql://db?connect_timeout=-1                 | {connectTimeout=0}
            postgresql://db?target_session_attrs=read-write    | {targetServerType=primary}
            jdbc:postgresql://db/?targetServerType=primary     | {targetServerType=primary}
            jdbc:postgresql://db/?ApplicationName=a+b&socketTimeout=30 | {ApplicationName=a b, socketTimeout=30}
            postgresql://db?keepalives_idle=30                 | {}
            """)
    void parametersGetTheNamesOfPgjdbc(String url, String expected) {
        assertThat(new TreeMap<>(resolved(Map.of("RF_DB_URL", url)).properties()))
                .hasToString(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            PGHOST=db                                               | db:5432 os os -
            PGHOSTADDR=10.0.0.1 PGHOST=db                           | 10.0.0.1:5432 os os -
            PGPORT=5433                                             | localhost:5433 os os -
            PGDATABASE=hapi                                         | localhost:5432 hapi os -
            PGUSER=rf                                               | localhost:5432 rf rf -
            PGUSER=rf PGPASSWORD=geheim PGHOST=a,b PGPORT=1,2       | a:1,b:2 rf rf geheim
            PGHOST=a,b PGPORT=5433                                  | a:5433,b:5433 os os -
            RF_DB_URL=postgresql://db PGPORT=5433 PGUSER=rf         | db:5433 rf rf -
            RF_DB_URL=postgresql://db PGHOSTADDR=10.0.0.1           | 10.0.0.1:5432 os os -
            RF_DB_URL=postgresql://a DATABASE_URL=postgresql://b    | a:5432 os os -
            RF_DB_URL=postgresql://a PGHOST=b                       | a:5432 os os -
            PGHOST=a DATABASE_URL=postgresql://b/c                  | a:5432 os os -
            PGUSER=rf PGPORT=5433 DATABASE_URL=postgres://b/c       | b:5433 c rf -
            DATABASE_URL=postgres://rf:geheim@b/c                   | b:5432 c rf geheim
            PGHOST= PGPORT= PGUSER= PGDATABASE=hapi                 | localhost:5432 hapi os -
            """)
    void variablesSayWhatTheUrlLeavesOpen(String variables, String expected) {
        assertThat(inShort(environment(variables))).isEqualTo(expected);
    }

    @Test
    void flagComesBeforeEverything() {
        Map<String, String> environment = Map.of("RF_DB_URL", "postgresql://b", "PGHOST", "c", "PGUSER", "rf");
        ConnectionSettings settings = ConnectionResolver.resolve(
                        Optional.of("postgresql://a/hapi"), Configuration.of(environment, home), "os")
                .orElseThrow();
        assertThat(settings.description()).isEqualTo("a:5432 (database \"hapi\", user \"rf\")");
        assertThat(settings.originsInWords())
                .isEqualTo("host and database from --db-url; port by default; user from PGUSER");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "RF_DB_URL=", "PGPASSWORD=x", "PGSSLMODE=require PGAPPNAME=x", "HOME=/root USER=rf"})
    void nothingIsResolvedWhenNoDatabaseIsNamed(String variables) {
        assertThat(ConnectionResolver.resolve(Optional.empty(), Configuration.of(environment(variables), home), "os"))
                .isEmpty();
    }

    @Test
    void variablesThatHideDatabaseUrlAreNamed() {
        assertThat(resolved(environment("PGHOST=a DATABASE_URL=postgresql://b")).warnings())
                .containsExactly("DATABASE_URL is not used, because PGHOST is set");
    }

    @Test
    void originsFollowTheVariables() {
        assertThat(resolved(environment("PGHOST=a PGPORT=1 DATABASE_URL=")).originsInWords())
                .isEqualTo("host and port from PGHOST, PGPORT; database and user by default");
        assertThat(resolved(environment("RF_DB_URL=postgresql://u@h:1/d")).originsInWords())
                .isEqualTo("host, port, database and user from RF_DB_URL");
    }

    @Test
    void settingsNeverShowThePassword() {
        ConnectionSettings settings =
                resolved(environment("RF_DB_URL=postgresql://rf:canary@db/hapi?sslpassword=canary"));
        assertThat(settings.password()).contains("canary");
        assertThat(settings.toString()).doesNotContain("canary");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgresql://rf:canary@db/hapi",
                "postgresql://db/hapi?password=canary",
                "postgresql://db/hapi?sslpassword=canary",
                "jdbc:postgresql://db/hapi?user=rf&password=canary",
                "jdbc:postgresql://rf:canary@db/hapi",
                "postgresql://rf@db/hapi?pass%77ord=canary",
            })
    void passwordOnTheCommandLineIsRefused(String url) {
        String failure =
                Failures.of(() -> ConnectionResolver.resolve(Optional.of(url), Configuration.of(Map.of(), home), "os"));
        assertThat(failure).startsWith("USAGE ");
        if (!url.contains("%77")) {
            assertThat(failure).isEqualTo("""
                    USAGE --db-url holds a password, and every user of this machine can read a command line
                    try: the same URL in RF_DB_URL, or the password in PGPASSWORD or ~/.pgpass""");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                                   | it does not start with postgresql://
            hapi                                 | it does not start with postgresql://
            mysql://rf:canary@db/hapi            | it does not start with postgresql://
            host=db password=canary              | it does not start with postgresql://
            postgresql://rf:%zz@db               | a % is not followed by two hexadecimal digits
            postgresql://rf:canary%@db           | a % is not followed by two hexadecimal digits
            postgresql://db/%00                  | a % is not followed by two hexadecimal digits
            postgresql://[::1/hapi               | an IPv6 address lacks its closing bracket
            postgresql://[::1]canary/hapi        | after the closing bracket
            postgresql://rf:1@canary@db/hapi     | an @ or a / stands where none belongs
            postgresql://rf:1/canary@db/hapi     | an @ or a / stands where none belongs
            postgresql://db/hapi?canary          | a parameter after the ? lacks its = sign
            postgresql://rf:1/x?canary=1@db/hapi | the text after the ? is not a list
            postgresql://db?sslmode=canary       | "sslmode" has a value that it cannot have
            postgresql://db?connect_timeout=soon | "connect_timeout" has a value that it cannot have
            """)
    void malformedUrlIsExplainedWithoutRepeatingIt(String url, String why) {
        String failure =
                Failures.of(() -> ConnectionResolver.resolve(Optional.of(url), Configuration.of(Map.of(), home), "os"));
        assertThat(failure)
                .startsWith("USAGE not a database URL in --db-url\nwhy: " + why)
                .endsWith("\ntry: postgresql://rf@db.example.org:5432/hapi");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            RF_DB_URL=postgresql://db?schema=x   | USAGE unknown parameter "schema" in the database URL in RF_DB_URL
            DATABASE_URL=jdbc:postgresql://db?nope=x | USAGE unknown parameter "nope" in the database URL in DATABASE_URL
            RF_DB_URL=postgresql://rf:canary/1@  | USAGE not a database URL in RF_DB_URL
            RF_DB_URL=postgresql://rf:canary/1   | USAGE the port in RF_DB_URL is not a number from 1 to 65535
            PGPORT=70000                         | USAGE the port in PGPORT is not a number from 1 to 65535
            PGHOST=a,b PGPORT=1,2,3              | USAGE 3 ports for 2 hosts
            PGHOST=/tmp,a                        | USAGE the host in PGHOST is not a host name or address
            PGHOST=@abstract                     | USAGE the host in PGHOST is not a host name or address
            PGHOST=a?b                           | USAGE the host in PGHOST is not a host name or address
            PGHOST=a PGSSLMODE=maybe             | USAGE PGSSLMODE has a value that it cannot have
            PGSERVICE=nowhere                    | USAGE no service "nowhere" is defined
            PGSERVICE=x PGSERVICEFILE=/nowhere   | USAGE no service file /nowhere
            """)
    void wrongConfigurationNamesItsPlace(String variables, String expected) {
        assertThat(Failures.of(() -> ConnectionResolver.resolve(
                        Optional.empty(), Configuration.of(environment(variables), home), "os")))
                .startsWith(expected);
    }

    @Test
    void serviceComesBeforeVariables() throws IOException {
        Files.writeString(home.resolve(".pg_service.conf"), """
                # comment
                [other]
                host=other
                [prod]
                host=db.prod
                  port=5433
                dbname=hapi

                sslmode=verify-full
                [prod]
                host=too-late
                """);
        ConnectionSettings settings =
                resolved(environment("PGSERVICE=prod PGHOST=elsewhere PGUSER=rf PGSYSCONFDIR=/nowhere"));
        assertThat(settings.description()).isEqualTo("db.prod:5433 (database \"hapi\", user \"rf\")");
        assertThat(settings.properties()).isEqualTo(Map.of("sslmode", "verify-full"));
        assertThat(settings.origins()).containsEntry("host", "service file ~/.pg_service.conf:5");
        assertThat(inShort(environment("RF_DB_URL=postgresql://mine?service=prod PGUSER=rf")))
                .isEqualTo("mine:5433 hapi rf -");
    }

    @Test
    void systemServiceFileIsReadWhenThePersonsHasNoSuchService() throws IOException {
        Files.writeString(home.resolve(".pg_service.conf"), "[other]\nhost=other\n");
        Path system = Files.createDirectory(home.resolve("etc"));
        Files.writeString(system.resolve("pg_service.conf"), "[prod]\nhost=db.prod\n");
        assertThat(inShort(Map.of("PGSERVICE", "prod", "PGSYSCONFDIR", system.toString())))
                .isEqualTo("db.prod:5432 os os -");
    }

    @Test
    void mistakeInTheServiceFileIsShownWithItsLine() throws IOException {
        Files.writeString(home.resolve(".pg_service.conf"), "[prod]\nhost=a\npassword = canary\n");
        assertThat(Failures.of(() -> resolved(Map.of("PGSERVICE", "prod"))))
                .startsWith("USAGE a parameter that rf does not know in service file ~/.pg_service.conf:3\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            db:5432:hapi:rf:geheim          | geheim
            *:*:*:*:geheim                  | geheim
            db:*:hapi:rf:a\\:b\\\\c         | a:b\\c
            db:5432:hapi:rf:a:b             | a:b
            other:5432:hapi:rf:geheim       | -
            db:5433:hapi:rf:geheim          | -
            db:5432:hapi:rf                 | -
            #db:5432:hapi:rf:geheim         | -
            d\\b:5432:hapi:rf:geheim        | geheim
            *b:5432:hapi:rf:geheim          | -
            """)
    void passwordComesFromTheFirstFittingLine(String line, String expected) throws IOException {
        passwordFile("rw-------", line + "\n*:*:other:*:wrong\n");
        assertThat(resolved(environment("RF_DB_URL=postgresql://rf@db/hapi"))
                        .password()
                        .orElse("-"))
                .isEqualTo(expected);
    }

    @Test
    void passwordFileIsUsedLast() throws IOException {
        passwordFile("rw-------", "# mine\n*:*:*:*:from-file\n");
        assertThat(resolved(environment("PGHOST=db")).origins()).containsEntry("password", "password file ~/.pgpass:2");
        assertThat(resolved(environment("PGHOST=db PGPASSWORD=x")).password()).contains("x");
    }

    @Test
    void passwordFileThatOthersCanReadIsNotUsed() throws IOException {
        passwordFile("rw-r-----", "*:*:*:*:canary\n");
        ConnectionSettings settings = resolved(environment("PGHOST=db"));
        assertThat(settings.password()).isEmpty();
        assertThat(settings.warnings())
                .containsExactly("password file ~/.pgpass is not used: others can read it; run  chmod 600 ~/.pgpass");
    }

    @Test
    void passwordFileElsewhereIsNamedByVariable() throws IOException {
        Path file = passwordFile("rw-------", "db:5432:os:os:geheim\n");
        Path moved = Files.move(file, home.resolve("elsewhere"));
        assertThat(inShort(Map.of("PGHOST", "db", "PGPASSFILE", moved.toString())))
                .isEqualTo("db:5432 os os geheim");
    }

    @Test
    void oneConnectionHasOnePassword() throws IOException {
        passwordFile("rw-------", "a:*:*:*:canary1\nb:*:*:*:canary2\nc:*:*:*:canary1\n");
        assertThat(Failures.of(() -> resolved(Map.of("PGHOST", "a,b")))).startsWith("""
                        USAGE different passwords for the hosts of one connection
                        from: password file ~/.pgpass:1, password file ~/.pgpass:2
                        """);
        assertThat(resolved(Map.of("PGHOST", "a,c,d")).password()).contains("canary1");
    }

    @Test
    void localSocketIsKnownByItsFile() throws IOException {
        passwordFile("rw-------", "localhost:*:*:*:geheim\n");
        assertThat(inShort(Map.of("PGHOST", "/var/run/postgresql")))
                .isEqualTo("/var/run/postgresql/.s.PGSQL.5432 os os geheim");
    }

    private Path passwordFile(String permissions, String content) throws IOException {
        Path file = Files.writeString(home.resolve(".pgpass"), content);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    private static Map<String, String> environment(String variables) {
        Map<String, String> environment = new TreeMap<>();
        for (String variable : variables.strip().split(" ", -1)) {
            int equals = variable.indexOf('=');
            if (equals > 0) {
                environment.put(variable.substring(0, equals), variable.substring(equals + 1));
            }
        }
        return environment;
    }

    private ConnectionSettings resolved(Map<String, String> environment) {
        return ConnectionResolver.resolve(Optional.empty(), Configuration.of(environment, home), "os")
                .orElseThrow();
    }

    private String inShort(Map<String, String> environment) {
        ConnectionSettings settings = resolved(environment);
        return "%s %s %s %s"
                .formatted(
                        settings.place(),
                        settings.database(),
                        settings.user(),
                        settings.password().orElse("-"));
    }
}
