package dev.weft.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.weft.http.download.DownloadProgress;
import dev.weft.http.download.DownloadProgress.State;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NotesTest {
    @ParameterizedTest
    @CsvSource(nullValues = "-", delimiter = '|', textBlock = """
                    WAITING  | 2 | 2500 | 429 | true | waits 3 s (429, try 2 of 6)
                    WAITING  | 3 | 0    | connection reset | true | waits 1 s (connection reset, try 3 of 6)
                    WAITING  | 2 | 125000 | 503 | true | waits 2:05 (503, try 2 of 6)
                    WAITING  | 2 | 1000 | - | true | waits 1 s (try 2 of 6)
                    ASKING   | 2 | 0 | 429 | true | asks again (429, try 2 of 6)
                    ASKING   | 1 | 0 | - | false | waits for the answer
                    CHECKING | 1 | 0 | - | false | checking
                    """)
    void whatIsDone(State state, int attempt, long waitMillis, String trouble, boolean isTrouble, String words) {
        assertEquals(new Board.Note(words, isTrouble), Notes.of(at(state, attempt, waitMillis, trouble)));
    }

    @Test
    void whatReceivesHasABar() {
        assertNull(Notes.of(at(State.RECEIVING, 2, 0, "429")));
        assertNull(Notes.of(at(State.ENDED, 1, 0, null)));
    }

    @Test
    void serversCannotPaintAndCredentialsAreNotTold() {
        assertEquals(
                "waits 1 s (\\u001b[2J http://***@h/, try 2 of 6)",
                Notes.of(at(State.WAITING, 2, 1000, "\u001b[2J http://u:p@h/")).words());
    }

    private static DownloadProgress at(State state, int attempt, long waitMillis, String trouble) {
        return new DownloadProgress(
                state, 0, OptionalLong.empty(), 0, 1, attempt, 6, 1, waitMillis * 1_000_000, trouble);
    }
}
