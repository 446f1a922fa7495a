package dev.weft.http.h2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.weft.http.h2.Floods.Idle;
import org.junit.jupiter.api.Test;

/** How many frames that carry nothing are too many. */
class FloodsTest {
    @Test
    void theFirstThousandAreFree() {
        Floods floods = new Floods();
        for (int i = 0; i < 999; i++) {
            assertNull(floods.idle(Idle.PING));
        }
        assertNull(floods.idle(Idle.SETTINGS));
        assertEquals(
                "it floods the connection: 1001 frames that carry nothing, 1000 of them PING frames",
                floods.idle(Idle.PING));
    }

    @Test
    void eachThatCarriesSomethingAllowsFourMore() {
        Floods floods = new Floods();
        for (int i = 0; i < 100_000; i++) {
            floods.useful();
            for (int j = 0; j < 4; j++) {
                assertNull(floods.idle(Idle.WINDOW_UPDATE));
            }
        }
        for (int i = 0; i < 1000; i++) {
            assertNull(floods.idle(Idle.EMPTY_DATA));
        }
        assertEquals(
                "it floods the connection: 401001 frames that carry nothing, 1001 of them empty DATA frames",
                floods.idle(Idle.EMPTY_DATA));
    }

    @Test
    void whatWasOnItsWayToAStreamThatWasResetIsNoFlood() {
        Floods floods = new Floods();
        floods.reset(100_000);
        for (int i = 0; i < 99_999; i++) {
            assertNull(floods.late(1));
        }
        assertNull(floods.late(2), "counts: the window had one byte left");
        for (int i = 0; i < 1000 + 64 - 1; i++) {
            assertNull(floods.late(2));
        }
        assertNull(floods.late(1), "the last byte of the window");
        assertEquals(
                "it floods the connection: 1065 frames that carry nothing, 1065 of them frames of streams that are over",
                floods.late(1));
    }

    @Test
    void emptyFramesOfStreamsThatAreOverAreCounted() {
        Floods floods = new Floods();
        floods.reset(100_000);
        for (int i = 0; i < 1064; i++) {
            assertNull(floods.late(0));
        }
        assertEquals(
                "it floods the connection: 1065 frames that carry nothing, 1065 of them frames of streams that are over",
                floods.late(0));
    }
}
