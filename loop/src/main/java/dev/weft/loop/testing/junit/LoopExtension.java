package dev.weft.loop.testing.junit;

import dev.weft.loop.Asyncio;
import dev.weft.loop.Loop;
import dev.weft.loop.LoopError;
import dev.weft.loop.Runner;
import dev.weft.loop.testing.VirtualClock;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * Runs each test method as the main task of a loop of its own, on a virtual clock: {@code @ExtendWith(LoopExtension.class)}, or
 * {@code @RegisterExtension} one with other settings. A test may take the {@link Loop} and the {@link VirtualClock} as parameters.
 * A failure that is reported to the loop's exception handler fails the test.
 */
public final class LoopExtension implements InvocationInterceptor, ParameterResolver {
    private static final ExtensionContext.Namespace STORE = ExtensionContext.Namespace.create(LoopExtension.class);

    private final UnaryOperator<Runner.Builder> options;

    /** On a virtual clock. */
    public LoopExtension() {
        this(builder -> builder);
    }

    private LoopExtension(UnaryOperator<Runner.Builder> options) {
        this.options = options;
    }

    /** With more settings; a clock that is set here replaces the virtual one. */
    public static LoopExtension with(UnaryOperator<Runner.Builder> options) {
        return new LoopExtension(options);
    }

    /** The loop of one test. */
    private record Fixture(VirtualClock clock, Runner runner) {}

    private Fixture fixture(ExtensionContext context) {
        return context.getStore(STORE)
                .getOrComputeIfAbsent(
                        Fixture.class,
                        same -> {
                            VirtualClock clock = new VirtualClock();
                            return new Fixture(
                                    clock,
                                    options.apply(Runner.builder().clock(clock)).build());
                        },
                        Fixture.class);
    }

    @Override
    public void interceptTestMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> invoked, ExtensionContext context)
            throws Throwable {
        List<LoopError> reported = new ArrayList<>();
        try (Runner runner = fixture(context).runner()) {
            List<Throwable> thrown = new ArrayList<>();
            runner.run(() -> {
                Asyncio.getRunningLoop().setExceptionHandler(reported::add);
                try {
                    invocation.proceed();
                } catch (Throwable e) {
                    thrown.add(e);
                }
            });
            if (!thrown.isEmpty()) {
                throw thrown.getFirst();
            }
        }
        if (!reported.isEmpty()) {
            throw new AssertionError(
                    "the loop reported: " + reported, reported.getFirst().exception());
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == Loop.class || type == VirtualClock.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Fixture fixture = fixture(context);
        return parameter.getParameter().getType() == Loop.class
                ? fixture.runner().loop()
                : fixture.clock();
    }
}
