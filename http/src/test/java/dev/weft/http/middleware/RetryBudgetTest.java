package dev.weft.http.middleware;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.message.ClientRequest;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How much may be sent beyond what was asked for; times in milliseconds. */
class RetryBudgetTest {
    private static final Duration WINDOW = Duration.ofSeconds(10);

    private static long nanos(long millis) {
        return millis * 1_000_000;
    }

    private static int spend(RetryBudget budget, String origin, long millis, int tries) {
        int granted = 0;
        for (int i = 0; i < tries; i++) {
            granted += budget.spend(origin, nanos(millis)) ? 1 : 0;
        }
        return granted;
    }

    @ParameterizedTest(name = "{0} of {2} requests and {1}/s: {3}")
    @CsvSource({
        "0.2, 0, 0, 0",
        "0.2, 0, 4, 0",
        "0.2, 0, 5, 1",
        "0.2, 0, 100, 20",
        "0.2, 1, 0, 10",
        "0.2, 1, 100, 30",
        "0, 1, 100, 10",
        "0, 0.1, 100, 1",
        "0, 0, 100, 0",
        "2, 0, 10, 20",
        "0, Infinity, 0, 500",
    })
    void share(double ratio, double perSecond, int requests, int granted) {
        RetryBudget budget = RetryBudget.of(ratio, perSecond, WINDOW);
        for (int i = 0; i < requests; i++) {
            budget.count("a", nanos(i));
        }
        assertEquals(granted, spend(budget, "a", 200, 500));
    }

    @Test
    void originsAreApart() {
        RetryBudget budget = RetryBudget.standard();
        for (int i = 0; i < 100; i++) {
            budget.count("a", 0);
        }
        assertEquals(30, spend(budget, "a", 0, 100));
        assertEquals(10, spend(budget, "b", 0, 100));
    }

    @Test
    void theWindowMovesOn() {
        RetryBudget budget = RetryBudget.of(0.2, 0, WINDOW);
        for (int second = 0; second < 10; second++) {
            for (int i = 0; i < 10; i++) {
                budget.count("a", nanos(second * 1000L));
            }
        }
        assertEquals(20, spend(budget, "a", 9_999, 100));
        // The first second is out of the window, but what was spent is not.
        assertEquals(0, spend(budget, "a", 10_000, 100));
        // The requests are gone, and what was spent for them.
        assertEquals(0, spend(budget, "a", 20_000, 100));
        budget.count("a", nanos(20_000));
        for (int i = 0; i < 9; i++) {
            budget.count("a", nanos(20_500));
        }
        assertEquals(2, spend(budget, "a", 29_999, 100));
        assertEquals(0, spend(budget, "a", 31_000, 100));
    }

    /** Another loop's clock: what lies in the future counts as now, what lies far in it is forgotten. */
    @Test
    void timeMayGoBack() {
        RetryBudget budget = RetryBudget.of(0, 1, WINDOW);
        assertEquals(10, spend(budget, "a", 50_000, 100));
        assertEquals(0, spend(budget, "a", 45_000, 100));
        assertEquals(10, spend(budget, "a", 0, 100));
    }

    /** Each of those who share it sees the request; it was asked for once. */
    @Test
    void aRequestCountsOnce() {
        RetryBudget budget = RetryBudget.of(1, 0, WINDOW);
        ClientRequest seen = budget.count(budget.count(ScriptedNext.get("http://a/"), 0), 0);
        assertEquals(1, spend(budget, "http://a", 0, 100));
        RetryBudget another = RetryBudget.of(1, 0, WINDOW);
        assertEquals(seen.url(), another.count(seen, 0).url());
        assertEquals(1, spend(another, "http://a", 0, 100));
    }

    @Test
    void whatIsIdleIsForgotten() {
        RetryBudget budget = RetryBudget.standard();
        for (int i = 0; i < 100_000; i++) {
            String origin = "http://host" + i;
            budget.count(origin, nanos(i));
            spend(budget, origin, i, 1);
        }
        // Ten seconds, thus ten thousand hosts, are within the window; others wait to be looked at.
        assertTrue(budget.size() < 15_000, () -> budget.size() + " origins");
    }

    @Test
    void outOfRange() {
        assertThrows(IllegalArgumentException.class, () -> RetryBudget.of(-0.1, 1, WINDOW));
        assertThrows(IllegalArgumentException.class, () -> RetryBudget.of(Double.NaN, 1, WINDOW));
        assertThrows(IllegalArgumentException.class, () -> RetryBudget.of(0.2, -1, WINDOW));
        assertThrows(IllegalArgumentException.class, () -> RetryBudget.of(0.2, 1, Duration.ZERO));
    }
}
