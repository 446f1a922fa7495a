package dev.weft.http.middleware;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weft.http.message.Headers;
import dev.weft.http.message.ResponseHead;
import dev.weft.http.middleware.Freshness.Use;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9111 sections 4.2 and 5.2 as tables. The answer was asked for at second 0 and came at second 2. */
class FreshnessTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    /** {@code Name: value | Name: value}; {@code @n} is the HTTP-date of second n. */
    private static Headers headers(String text) {
        Headers.Builder headers = Headers.builder();
        for (String field : text.split("\\|")) {
            if (!field.isBlank()) {
                String[] parts = field.split(":", 2);
                String value = parts[1].strip();
                headers.add(parts[0].strip(), value.startsWith("@") ? date(Long.parseLong(value.substring(1))) : value);
            }
        }
        return headers.build();
    }

    private static String date(long second) {
        return DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ENGLISH)
                .format(START.plusSeconds(second).atOffset(ZoneOffset.UTC));
    }

    private static Freshness at(long second, int status, String fields) {
        CacheEntry entry = new CacheEntry(
                "http://h/",
                "0".repeat(32),
                List.of(),
                new ResponseHead(status, "", "HTTP/1.1", headers(fields)),
                START,
                START.plusSeconds(2),
                new byte[0]);
        return Freshness.of(entry, START.plusSeconds(second));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            # what                                     ; fields                  ; now ; age
            only the delay and the stay                ; Date: @2                ; 12  ; 12
            no Date: it was made when it came          ;                         ; 12  ; 12
            the Date is older than the delay           ; Date: @-100             ; 12  ; 112
            a Date in the future is no age             ; Date: @900              ; 12  ; 12
            Age counts beside the delay                ; Date: @2 | Age: 50      ; 12  ; 62
            the larger of Date's age and Age           ; Date: @-100 | Age: 50   ; 12  ; 112
            the first of a list of ages                ; Age: 7, 90              ; 2   ; 9
            an Age that is no number is none           ; Age: -7                 ; 2   ; 2
            a clock that was set back                  ; Date: @2                ; -50 ; 2
            """)
    void age(String what, String fields, long now, long age) {
        assertEquals(
                Duration.ofSeconds(age),
                at(now, 200, fields == null ? "" : fields).age(),
                what);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            # what                                  ; status ; fields                                                  ; lifetime
            max-age                                 ; 200 ; Cache-Control: max-age=60                                  ; 60
            max-age before Expires                  ; 200 ; Cache-Control: max-age=60 | Date: @0 | Expires: @900       ; 60
            s-maxage is for shared caches           ; 200 ; Cache-Control: s-maxage=900, max-age=60                    ; 60
            in any case, with spaces, quoted        ; 200 ; Cache-Control: public , MAX-Age="60"                       ; 60
            the least of two                        ; 200 ; Cache-Control: max-age=60 | Cache-Control: max-age=5       ; 5
            what is no number is stale              ; 200 ; Cache-Control: max-age=6x                                  ; 0
            no argument is stale                    ; 200 ; Cache-Control: max-age                                     ; 0
            a negative one is stale                 ; 200 ; Cache-Control: max-age=-1                                  ; 0
            too large a number is 2^31              ; 200 ; Cache-Control: max-age=99999999999999999999                ; 2147483648
            Expires less Date                       ; 200 ; Date: @100 | Expires: @160                                 ; 60
            Expires without Date                    ; 200 ; Expires: @62                                               ; 60
            Expires in the past                     ; 200 ; Date: @100 | Expires: @10                                  ; 0
            Expires that is no date has expired     ; 200 ; Expires: 0 | Last-Modified: @-1000                         ; 0
            the first of two Expires                ; 200 ; Date: @0 | Expires: @60 | Expires: @900                    ; 60
            a tenth of the time since the change    ; 200 ; Date: @0 | Last-Modified: @-1000                           ; 100
            a week at most                          ; 200 ; Date: @0 | Last-Modified: @-99999999                       ; 604800
            changed in the future                   ; 200 ; Date: @0 | Last-Modified: @1000                            ; 0
            a heuristic status                      ; 404 ; Date: @0 | Last-Modified: @-1000                           ; 100
            not a heuristic status                  ; 302 ; Date: @0 | Last-Modified: @-1000                           ; 0
            but public                              ; 302 ; Date: @0 | Last-Modified: @-1000 | Cache-Control: public   ; 100
            explicit on any status                  ; 500 ; Cache-Control: max-age=60                                  ; 60
            nothing                                 ; 200 ; Date: @0                                                   ; 0
            a comma in quotes                       ; 200 ; Cache-Control: private="a, max-age=9", max-age=60          ; 60
            """)
    void lifetime(String what, int status, String fields, long lifetime) {
        assertEquals(Duration.ofSeconds(lifetime), at(2, status, fields).lifetime(), what);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            # what                                    ; answer                                   ; request                  ; now ; use
            fresh                                     ; max-age=60                               ;                          ; 59  ; FRESH
            its age is its lifetime                   ; max-age=60                               ;                          ; 60  ; VALIDATE
            no-cache in the answer                    ; max-age=60, no-cache                     ;                          ; 5   ; VALIDATE
            no-cache for a field counts for all       ; max-age=60, no-cache="Set-Cookie"        ;                          ; 5   ; VALIDATE
            no-cache in the request                   ; max-age=60                               ; no-cache                 ; 5   ; VALIDATE
            a reload                                  ; max-age=60                               ; max-age=0                ; 5   ; VALIDATE
            young enough                              ; max-age=60                               ; max-age=10               ; 10  ; FRESH
            not young enough                          ; max-age=60                               ; max-age=10               ; 11  ; VALIDATE
            a reload of what is immutable             ; max-age=60, immutable                    ; max-age=0                ; 5   ; FRESH
            a forced reload of it                     ; max-age=60, immutable                    ; no-cache                 ; 5   ; VALIDATE
            immutable only while fresh                ; max-age=60, immutable                    ;                          ; 70  ; VALIDATE
            fresh for long enough                     ; max-age=60                               ; min-fresh=10             ; 50  ; FRESH
            not fresh for long enough                 ; max-age=60                               ; min-fresh=10             ; 51  ; VALIDATE
            any staleness                             ; max-age=60                               ; max-stale                ; 900 ; STALE
            stale within                              ; max-age=60                               ; max-stale=10             ; 70  ; STALE
            stale beyond                              ; max-age=60                               ; max-stale=10             ; 71  ; VALIDATE
            a max-stale that is no number             ; max-age=60                               ; max-stale=x              ; 61  ; VALIDATE
            must-revalidate forbids it                ; max-age=60, must-revalidate              ; max-stale                ; 70  ; VALIDATE
            proxy-revalidate is for shared caches     ; max-age=60, proxy-revalidate             ; max-stale                ; 70  ; STALE
            max-age with max-stale                    ; max-age=60                               ; max-age=99, max-stale=50 ; 70  ; STALE
            max-age with max-stale, too old           ; max-age=60                               ; max-age=65, max-stale=50 ; 70  ; VALIDATE
            while it is revalidated                   ; max-age=60, stale-while-revalidate=30    ;                          ; 90  ; STALE_WHILE_REVALIDATE
            too late to revalidate meanwhile          ; max-age=60, stale-while-revalidate=30    ;                          ; 91  ; VALIDATE
            a limit of age takes nothing stale        ; max-age=60, stale-while-revalidate=30    ; max-age=100              ; 70  ; VALIDATE
            nor does min-fresh                        ; max-age=60, stale-while-revalidate=30    ; min-fresh=1              ; 70  ; VALIDATE
            must-revalidate forbids that too          ; max-age=60, stale-while-revalidate=30, must-revalidate ;            ; 70  ; VALIDATE
            """)
    void use(String what, String given, String asked, long now, Use use) {
        Directives request = Directives.ofRequest(headers(asked == null ? "" : "Cache-Control: " + asked));
        assertEquals(use, at(now, 200, "Cache-Control: " + given).use(request), what);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            # what                           ; answer                                     ; request           ; always ; now ; may
            nobody said so                   ; max-age=60                                 ;                   ; 0      ; 61  ; false
            the answer said so               ; max-age=60, stale-if-error=30              ;                   ; 0      ; 90  ; true
            not for so long                  ; max-age=60, stale-if-error=30              ;                   ; 0      ; 91  ; false
            the request said so              ; max-age=60                                 ; stale-if-error=30 ; 0      ; 90  ; true
            the longer of both               ; max-age=60, stale-if-error=5               ; stale-if-error=30 ; 0      ; 90  ; true
            the cache's own setting          ; max-age=60                                 ;                   ; 30     ; 90  ; true
            must-revalidate forbids it       ; max-age=60, stale-if-error=30, must-revalidate ;               ; 30     ; 61  ; false
            no-cache forbids it              ; no-cache, stale-if-error=30                ;                   ; 30     ; 5   ; false
            the request's no-cache, too      ; max-age=60, stale-if-error=30              ; no-cache          ; 30     ; 61  ; false
            """)
    void failure(String what, String given, String asked, long always, long now, boolean may) {
        Directives request = Directives.ofRequest(headers(asked == null ? "" : "Cache-Control: " + asked));
        Freshness freshness = at(now, 200, "Cache-Control: " + given);
        assertEquals(may, freshness.mayReplaceFailure(request, Duration.ofSeconds(always)), what);
    }
}
