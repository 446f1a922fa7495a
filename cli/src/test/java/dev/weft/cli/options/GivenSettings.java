package dev.weft.cli.options;

import java.util.Map;

/** Settings for tests of other packages. */
public final class GivenSettings {
    private GivenSettings() {}

    /** Of these arguments alone. */
    public static Settings of(String... args) {
        return of("", Map.of(), args);
    }

    /** Of these arguments, a config file with that text, and an environment. */
    public static Settings of(String config, Map<String, String> environment, String... args) {
        return Settings.of(Arguments.of(args), Config.parse("config", config, ""), environment);
    }
}
