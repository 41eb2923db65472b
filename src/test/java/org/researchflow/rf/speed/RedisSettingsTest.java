package org.researchflow.rf.speed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.researchflow.rf.Failure;

/** The URL of Redis taken apart, so that no message has a password in it. */
class RedisSettingsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            redis://h                              | h:6379                        | -   | -
            rediss://ada@h:7000/2                  | h:7000                        | ada | -
            redis://:canary@h                      | h:6379                        | -   | canary
            redis://ada:can%40ary@h                | h:6379                        | ada | can@ary
            redis://ada:can@ary@h                  | h:6379                        | ada | can@ary
            redis-sentinel://:canary@h1,h2:7000/0#m | redis-sentinel://h1,h2:7000/0#m | -   | canary
            """)
    void userAndPasswordAreTakenOut(String url, String place, String user, String password) {
        RedisSettings settings = RedisSettings.of(url, "");
        assertThat(settings.place()).isEqualTo(place);
        assertThat(settings.url()).doesNotContain("canary", "ary@");
        assertThat(settings.user().orElse("-")).isEqualTo(user);
        assertThat(settings.password().orElse("-")).isEqualTo(password);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis://ada:canary#1@h",
                "redis://ada:canary?1@h",
                "redis://ada:canary/1@h",
                "redis-sentinel://:canary/1@h1,h2/0#m",
                "canary"
            })
    void whatHasToBeEncodedIsNotShown(String url) {
        assertThatThrownBy(() -> RedisSettings.of(url, "")).isInstanceOfSatisfying(Failure.class, failure -> {
            assertThat(failure.kind()).isEqualTo(Failure.Kind.USAGE);
            assertThat(failure.what()).isEqualTo("the URL of Redis cannot be used");
            assertThat(failure.notes().toString()).doesNotContain("canary");
        });
    }
}
