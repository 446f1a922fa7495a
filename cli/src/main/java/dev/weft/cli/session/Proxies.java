package dev.weft.cli.session;

import dev.weft.cli.options.Option;
import dev.weft.cli.options.Settings;
import dev.weft.cli.options.UsageException;
import dev.weft.http.message.ProxySelector;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which proxy a URL goes through: as the command line says, else as the environment does. Pure. */
final class Proxies {
    private static final String[] NAMES = {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};

    private Proxies() {}

    /**
     * What is said of them; null for none.
     *
     * @throws UsageException if a variable of the environment holds no proxy; names it
     */
    static @Nullable ProxySelector of(Settings settings) {
        Map<String, String> environment = settings.environment();
        String given = settings.text(Option.PROXY);
        if (given == null ? !isSet(environment) : given.isEmpty()) {
            return null;
        }
        Map<String, String> variables = new HashMap<>(environment);
        if (given != null) {
            for (String name : NAMES) {
                variables.remove(name);
            }
            variables.put("all_proxy", given);
        }
        String direct = settings.text(Option.NO_PROXY);
        if (direct != null) {
            variables.remove("NO_PROXY");
            variables.put("no_proxy", direct);
        }
        try {
            return ProxySelector.environment(variables);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()), "--proxy '' goes straight to the hosts");
        }
    }

    private static boolean isSet(Map<String, String> environment) {
        for (String name : NAMES) {
            String value = environment.get(name);
            if (value != null && !value.isEmpty()) {
                return true;
            }
        }
        return false;
    }
}
