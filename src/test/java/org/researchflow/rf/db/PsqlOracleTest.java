package org.researchflow.rf.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.researchflow.rf.Failure;
import org.researchflow.rf.config.Configuration;

/** rf and psql, given the same URL, variables and files, end in the same place, or both nowhere. */
class PsqlOracleTest {

    private static final String FAILED = "no connection";

    private static final String WHERE = "select current_user || '|' || current_database() || '|'"
            + " || coalesce(inet_server_port()::text, 'socket') || '|' || current_setting('work_mem')";

    /** As a person would encode it; URLEncoder writes a blank as a plus sign. */
    private static final String ENCODED =
            URLEncoder.encode(PasswordServer.PASSWORD, StandardCharsets.UTF_8).replace("+", "%20");

    @TempDir
    Path home;

    @BeforeEach
    void files() throws IOException {
        Path passwords = Files.writeString(home.resolve(".pgpass"), """
                # host:port:database:user:password
                127.0.0.1:2:*:*:wrong
                other:*:*:*:wrong
                *:%s:hapi:rf:%s
                """.formatted(PasswordServer.port(), escaped()));
        Files.setPosixFilePermissions(passwords, PosixFilePermissions.fromString("rw-------"));
        Path readable = Files.copy(passwords, home.resolve("readable"));
        Files.setPosixFilePermissions(readable, PosixFilePermissions.fromString("rw-r--r--"));
        Files.writeString(home.resolve(".pg_service.conf"), """
                [prod]
                host=127.0.0.1
                port=%d
                dbname=hapi
                user=rf
                [blank]
                host = 127.0.0.1
                [odd]
                nonsense=1
                """.formatted(PasswordServer.port()));
    }

    private static String escaped() {
        return PasswordServer.PASSWORD.replace("\\", "\\\\").replace(":", "\\:");
    }

    /** A URL or a dash, and variables; HERE, PORT, PW and HOME stand for the server, its port, the password, the home. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            -                                       | PGHOST=127.0.0.1, PGPORT=PORT, PGUSER=rf, PGDATABASE=hapi
            -                                       | PGHOST=127.0.0.1, PGPORT=PORT, PGUSER=rf
            -                                       | PGHOST=127.0.0.1, PGPORT=PORT, PGUSER=rf, PGPASSWORD=PW
            -                                       | PGHOST=127.0.0.1, PGPORT=PORT, PGUSER=postgres
            -                                       | PGHOST=127.0.0.1, PGPORT=PORT
            -                                       | PGHOST=127.0.0.1, PGPORT=1, PGUSER=postgres
            -                                       | PGHOST=other.invalid, PGHOSTADDR=127.0.0.1, PGPORT=PORT, PGUSER=postgres
            -                                       | PGHOST=other, PGHOSTADDR=127.0.0.1, PGPORT=PORT, PGUSER=rf, PGDATABASE=hapi
            -                                       | PGHOST=127.0.0.1, PGPORT=PORT, PGUSER=rf, PGDATABASE=hapi, PGPASSFILE=HOME/readable
            -                                       | PGHOST=127.0.0.1, PGPORT=PORT, PGUSER=rf, PGDATABASE=hapi, PGPASSFILE=HOME/none
            -                                       | PGHOST=127.0.0.1, PGPORT=PORT, PGUSER=postgres, PGOPTIONS=-c work_mem=7MB
            -                                       | PGHOST=127.0.0.1, PGPORT=PORT, PGUSER=postgres, PGSSLMODE=require
            -                                       | PGHOST=127.0.0.1, PGPORT=PORT, PGUSER=postgres, PGSSLMODE=nonsense
            -                                       | PGHOST=/tmp, PGPORT=PORT, PGUSER=rf, PGDATABASE=hapi
            -                                       | PGHOST=/tmp, PGPORT=PORT, PGUSER=rf, PGPASSWORD=PW
            -                                       | PGHOST=/tmp, PGPORT=PORT, PGUSER=rf, PGPASSWORD=PW, PGSSLMODE=require
            -                                       | PGHOST=/tmp, PGPORT=PORT, PGUSER=rf, PGPASSWORD=wrong
            -                                       | PGHOST=/nowhere, PGPORT=PORT, PGUSER=postgres
            postgresql://rf:PW@%2Ftmp:PORT/hapi     |
            postgresql:///hapi?host=/tmp&port=PORT&user=rf |
            -                                       | PGHOST=`127.0.0.1,127.0.0.1`, PGPORT=`1,PORT`, PGUSER=postgres
            -                                       | PGHOST=`127.0.0.1,127.0.0.1`, PGPORT=PORT, PGUSER=postgres
            -                                       | PGHOST=`127.0.0.1`, PGPORT=`1,PORT`, PGUSER=postgres
            -                                       | PGSERVICE=prod
            -                                       | PGSERVICE=prod, PGHOST=other.invalid, PGPORT=1
            -                                       | PGSERVICE=prod, PGUSER=postgres
            -                                       | PGSERVICE=none
            -                                       | PGSERVICE=blank
            -                                       | PGSERVICE=odd, PGHOST=127.0.0.1, PGPORT=PORT, PGUSER=postgres
            -                                       | PGSERVICE=prod, PGSERVICEFILE=HOME/none
            postgresql://HERE/hapi                  | PGUSER=rf
            postgresql://rf@HERE/hapi               | PGPORT=1
            postgres://rf@HERE                      |
            postgres://rf@HERE/                     |
            postgresql://rf@127.0.0.1/hapi          | PGPORT=PORT
            postgresql://127.0.0.1:/hapi            | PGPORT=PORT, PGUSER=rf
            postgresql:///hapi?user=rf              | PGPORT=PORT, PGHOST=127.0.0.1
            postgresql://rf:PW@HERE/rf              |
            postgresql://rf:wrong@HERE/rf           | PGPASSWORD=PW
            postgresql://rf@HERE/rf                 | PGPASSWORD=PW
            postgresql://rf@HERE/rf?password=PW     |
            postgresql://o%27brien%20rf:PW@HERE/rf  |
            postgresql://o%27brien+rf:PW@HERE/rf    |
            postgresql://rf:PW@HERE/a%20b%2f%C3%BC  |
            postgresql://rf:PW@HERE/a b%2fü         |
            postgresql://rf:p%zz@HERE/hapi          |
            postgresql://rf@HERE/hapi?nonsense=1    |
            postgresql://rf@HERE/hapi?sslmode       |
            postgresql://rf@HERE/hapi?sslmode=no    |
            postgresql://rf@HERE/hapi?connect_timeout=x |
            postgresql://rf@HERE/hapi?ssl=true      |
            postgresql://rf@HERE/hapi?options=-c%20work_mem%3D9MB |
            postgresql://rf@HERE/hapi?keepalives=0  |
            postgresql://127.0.0.1:1,HERE/hapi?user=rf |
            postgresql://127.0.0.1,127.0.0.1/hapi?user=rf | PGPORT=PORT
            postgresql://[::1/hapi                  |
            postgresql:///?service=prod             |
            postgresql://postgres@?service=prod     | PGHOST=other.invalid
            postgresql://HERE/hapi?target_session_attrs=standby&user=rf |
            postgresql://HERE/hapi?target_session_attrs=read-write&user=rf |
            mysql://rf@HERE/hapi                    | PGHOST=127.0.0.1, PGPORT=PORT, PGUSER=rf
            """)
    void rfConnectsWherePsqlDoes(String url, String variables) throws IOException, InterruptedException {
        assumeTrue(psqlIsInstalled(), "psql is not on the PATH");
        Map<String, String> environment = variables(variables);
        Optional<String> filledUrl =
                Optional.of(url).filter(text -> !text.equals("-")).map(text -> filledIn(text, ENCODED));
        assertThat(rf(filledUrl, environment)).isEqualTo(psql(filledUrl, environment));
    }

    @Test
    void theTableIsNotOneOfFailures() throws IOException, InterruptedException {
        assumeTrue(psqlIsInstalled(), "psql is not on the PATH");
        assertThat(psql(Optional.of(filledIn("postgresql://rf@HERE/hapi", "")), Map.of()))
                .isEqualTo("rf|hapi|" + PasswordServer.port() + "|4MB");
    }

    /** What a file says, with semicolons for its line breaks, beside variables; and the variables that say it to psql. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            host="127.0.0.1";port=PORT;user="rf";name="hapi"        |                 | PGHOST=127.0.0.1, PGPORT=PORT, PGUSER=rf, PGDATABASE=hapi
            host="127.0.0.1";port=PORT;user="rf"                    |                 | PGHOST=127.0.0.1, PGPORT=PORT, PGUSER=rf
            host="127.0.0.1";port=PORT;user="rf";password="PW"      |                 | PGHOST=127.0.0.1, PGPORT=PORT, PGUSER=rf, PGPASSWORD=PW
            host="127.0.0.1";port=PORT;user="rf";password="wrong"   | PGPASSWORD=PW   | PGHOST=127.0.0.1, PGPORT=PORT, PGUSER=rf, PGPASSWORD=PW
            host="127.0.0.1";port=PORT;user="rf";password="wrong"   |                 | PGHOST=127.0.0.1, PGPORT=PORT, PGUSER=rf, PGPASSWORD=wrong
            host="127.0.0.1";port=PORT;user="rf";password_file="~/pw" |               | PGHOST=127.0.0.1, PGPORT=PORT, PGUSER=rf, PGPASSWORD=PW
            host="127.0.0.1";port=PORT;name="rf"                    | PGUSER=postgres | PGHOST=127.0.0.1, PGPORT=PORT, PGUSER=postgres, PGDATABASE=rf
            host="127.0.0.1";port=1;user="postgres"                 | PGPORT=PORT     | PGHOST=127.0.0.1, PGPORT=PORT, PGUSER=postgres
            host="other.invalid";port=1;user="postgres"             | PGHOST=127.0.0.1, PGPORT=PORT | PGHOST=127.0.0.1, PGPORT=PORT, PGUSER=postgres
            url="postgresql://rf@HERE/hapi"                         |                 | PGHOST=127.0.0.1, PGPORT=PORT, PGUSER=rf, PGDATABASE=hapi
            url="postgresql://rf@HERE";name="hapi"                  |                 | PGHOST=127.0.0.1, PGPORT=PORT, PGUSER=rf, PGDATABASE=hapi
            url="postgresql://HERE/hapi"                            | PGUSER=rf       | PGHOST=127.0.0.1, PGPORT=PORT, PGUSER=rf, PGDATABASE=hapi
            url="postgresql://other.invalid/rf"                     | PGSERVICE=prod  | PGSERVICE=prod
            host="/tmp";port=PORT;user="rf";name="hapi"             |                 | PGHOST=/tmp, PGPORT=PORT, PGUSER=rf, PGDATABASE=hapi
            host="127.0.0.1";port=PORT;user="postgres";sslmode="require" |            | PGHOST=127.0.0.1, PGPORT=PORT, PGUSER=postgres, PGSSLMODE=require
            """)
    void configurationFileLeadsWherePsqlIsTold(String file, String variables, String told)
            throws IOException, InterruptedException {
        assumeTrue(psqlIsInstalled(), "psql is not on the PATH");
        Path config = Files.createDirectories(home.resolve(".config/rf")).resolve("config.toml");
        String escaped = PasswordServer.PASSWORD.replace("\\", "\\\\").replace("\"", "\\\"");
        Files.writeString(config, "[database]\n" + filledIn(file, escaped).replace(";", "\n") + "\n");
        Files.writeString(home.resolve("pw"), PasswordServer.PASSWORD + "\n");
        assertThat(rf(Optional.empty(), variables(variables))).isEqualTo(psql(Optional.empty(), variables(told)));
    }

    private Map<String, String> variables(String text) {
        Map<String, String> variables = new TreeMap<>();
        if (text != null) {
            for (String variable : text.split(", ", -1)) {
                String[] parts = variable.split("=", 2);
                variables.put(
                        parts[0], filledIn(parts[1], PasswordServer.PASSWORD).replace("`", ""));
            }
        }
        return variables;
    }

    private String filledIn(String text, String password) {
        String port = String.valueOf(PasswordServer.port());
        return text.replace("HERE", "127.0.0.1:" + port)
                .replaceAll("\\bPORT\\b", port)
                .replaceAll("\\bPW\\b", Matcher.quoteReplacement(password))
                .replaceAll("\\bHOME\\b", home.toString());
    }

    private static boolean psqlIsInstalled() {
        return Pattern.compile(Pattern.quote(File.pathSeparator))
                .splitAsStream(System.getenv("PATH"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "psql")));
    }

    private String rf(Optional<String> url, Map<String, String> variables) {
        Map<String, String> environment = new TreeMap<>(variables);
        url.ifPresent(text -> environment.put("RF_DB_URL", text));
        try {
            ConnectionSettings settings = ConnectionResolver.resolve(
                            Optional.empty(), Configuration.of(environment, home), System.getProperty("user.name"))
                    .orElseThrow();
            try (Connection connection = PasswordServer.database(settings).connect();
                    Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(WHERE)) {
                rows.next();
                return rows.getString(1);
            }
        } catch (Failure refused) {
            return FAILED;
        } catch (SQLException e) {
            throw new AssertionError("connected, but cannot ask", e);
        }
    }

    private String psql(Optional<String> url, Map<String, String> variables) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("psql", "-X", "-w", "-At", "-c", WHERE));
        url.ifPresent(text -> command.addAll(List.of("-d", text)));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> !name.equals("PATH"));
        environment.putAll(variables);
        environment.put("HOME", home.toString());
        environment.put("LC_ALL", "C.UTF-8");
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        return process.waitFor() == 0 ? output : FAILED;
    }
}
