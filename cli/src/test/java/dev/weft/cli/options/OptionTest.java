package dev.weft.cli.options;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The table as such. */
class OptionTest {
    @Test
    void namesAreTakenApart() {
        assertEquals(List.of("-A", "--agent", "--user-agent"), Option.AGENT.names());
        assertEquals("--agent", Option.AGENT.longName());
        assertEquals("NAME", Option.AGENT.label());
        assertEquals("'K: V'", Option.HEADER.label());
        assertEquals("", Option.QUIET.label());
        assertTrue(Option.HELP.isValueOptional());
        assertFalse(Option.USER.isValueOptional());
        assertEquals(List.of("1.2", "1.3"), Option.TLS_MIN.choices());
        assertEquals("--http1.1", Option.HTTP1_1.longName());
    }

    @Test
    void eachIsFoundByEachOfItsNamesAndNoOther() {
        for (Option option : Option.values()) {
            for (String name : option.names()) {
                assertSame(option, Option.named(name), name);
                assertNull(Option.named(name.substring(1)), name);
                assertNull(Option.named(name + "x"), name);
            }
        }
        assertNull(Option.named(""));
        assertNull(Option.named("-"));
        assertNull(Option.named("--"));
        assertNull(Option.named("FILE"));
    }

    @Test
    void noNameIsGivenTwice_andFlagsCanBeTakenBack() {
        Set<String> names = new HashSet<>();
        for (Option option : Option.values()) {
            assertFalse(option.longName().isEmpty());
            for (String name : option.names()) {
                assertTrue(names.add(name), name);
            }
        }
        assertSame(Option.INSECURE, Arguments.negated("--no-insecure"));
        assertNull(Arguments.negated("--no-jobs"));
        assertNull(Arguments.negated("--no-glob"));
    }

    @Test
    void eachHasItsText_andADefaultIsAValue() {
        for (Option option : Option.values()) {
            assertFalse(option.summary().isEmpty(), option.name());
            assertFalse(option.summary().endsWith("."), option.name());
            assertTrue(option.more().isEmpty() || option.more().endsWith("."), option.name());
            assertEquals(option.isFlag(), option.label().isEmpty(), option.name());
            if (!option.otherwise().isEmpty()) {
                assertNotNull(Reading.of(option, option.otherwise()));
            }
        }
    }
}
