package org.researchflow.rf.config;

import java.util.Map;

/** A configuration file to begin with: every setting with its meaning, as a comment where nobody gave a value. */
public final class ConfigTemplate {

    private ConfigTemplate() {}

    /** The file, with these values in it. */
    public static String of(Map<ConfigKey, String> values) {
        StringBuilder text = new StringBuilder("""
                # What rf is told to do. Flags and variables are stronger:  rf config show --origin
                # Check it with  rf config validate.  A password belongs into ~/.pgpass, or into a file named here.
                """);
        String table = "";
        for (ConfigKey key : ConfigKey.all()) {
            if (!key.table().equals(table)) {
                table = key.table();
                text.append("\n[").append(table).append("]\n");
            }
            text.append("# ").append(key.description()).append('\n');
            boolean given = values.containsKey(key);
            text.append(given ? "" : "# ")
                    .append(key.nameInTable())
                    .append(" = ")
                    .append(toml(key.form(), values.getOrDefault(key, key.example())))
                    .append('\n');
        }
        return text.append("""

                # A profile is chosen by --profile NAME or RF_PROFILE, or for everybody by  default_profile = "NAME"
                # in the first line of this file.
                # [profile.staging.database]
                # url = "postgresql://rf@staging.example.org/hapi"
                """).toString();
    }

    private static String toml(Form form, String value) {
        return switch (form) {
            case Form.WholeNumber _, Form.Truth _ -> value;
            case Form.Several _ -> "[" + quoted(value).replaceAll(" *, *", "\", \"") + "]";
            case Form.Text _, Form.Choice _ -> quoted(value);
        };
    }

    private static String quoted(String value) {
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
