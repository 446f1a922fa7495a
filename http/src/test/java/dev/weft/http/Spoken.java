package dev.weft.http;

import dev.weft.http.message.HttpVersion;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContext;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContextProvider;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Which version of HTTP is spoken in the test that runs; runs the classes of {@link OverBoth} over each. Tests run one after the other: it is one field. */
public final class Spoken implements ClassTemplateInvocationContextProvider {
    private static volatile boolean http2;

    /** Whether it is HTTP/2. */
    public static boolean isHttp2() {
        return http2;
    }

    /** The settings of a session, with that version. */
    public static ClientSession.Builder by(ClientSession.Builder settings) {
        return http2 ? settings.version(HttpVersion.HTTP_2) : settings;
    }

    /** The settings of a session with that version. */
    public static ClientSession.Builder session() {
        return by(ClientSession.builder());
    }

    @Override
    public boolean supportsClassTemplate(ExtensionContext context) {
        return true;
    }

    @Override
    public Stream<Run> provideClassTemplateInvocationContexts(ExtensionContext context) {
        return Stream.of(new Run("HTTP/1.1", false), new Run("HTTP/2", true));
    }

    /** All tests of a class, over one version. */
    record Run(String name, boolean overHttp2)
            implements ClassTemplateInvocationContext, BeforeEachCallback, AfterEachCallback, ExecutionCondition {
        @Override
        public String getDisplayName(int invocationIndex) {
            return name;
        }

        @Override
        public List<Extension> getAdditionalExtensions() {
            return List.of(this);
        }

        @Override
        public void beforeEach(ExtensionContext context) {
            http2 = overHttp2;
        }

        @Override
        public void afterEach(ExtensionContext context) {
            http2 = false;
        }

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            OverBoth.Http1Only only = context.getElement()
                    .map(element -> element.getAnnotation(OverBoth.Http1Only.class))
                    .orElse(null);
            return overHttp2 && only != null
                    ? ConditionEvaluationResult.disabled(only.value())
                    : ConditionEvaluationResult.enabled("");
        }
    }
}
