package dev.weft.http;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.ClassTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/** All tests of the class are run twice: over HTTP/1.1, and with every {@link RawServer} and every session of {@link Client} speaking HTTP/2. */
@ClassTemplate
@ExtendWith(Spoken.class)
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface OverBoth {
    /** A test that says nothing over HTTP/2: the reason why. */
    @Target(ElementType.METHOD)
    @Retention(RetentionPolicy.RUNTIME)
    @interface Http1Only {
        String value();
    }
}
