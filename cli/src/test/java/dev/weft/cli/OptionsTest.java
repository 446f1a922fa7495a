package dev.weft.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.cli.report.Report.Detail;
import dev.weft.cli.report.Report.Progress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class OptionsTest {
    @Test
    void defaults() {
        Options options = parse("u");
        assertEquals(List.of("u"), options.urls());
        assertEquals(16, options.jobs(Options.DEFAULT_JOBS));
        assertEquals(8, options.settings().perHost());
        assertEquals(Path.of(""), options.settings().directory());
        assertEquals(Progress.AUTO, options.style().progress());
        assertFalse(options.style().json());
        assertEquals(Detail.FILES, options.style().detail());
    }

    @Test
    void allAtOnce() {
        Options options = parse("a", "-j64", "-d", "out", "b", "-i", "-", "--json", "-q", "--progress=bars");
        assertEquals(List.of("a", "b"), options.urls());
        assertEquals("-", options.input());
        assertEquals(Path.of("out"), options.settings().directory());
        assertEquals(64, options.jobs(Options.DEFAULT_JOBS));
        assertTrue(options.style().json());
        assertEquals(Detail.FAILURES, options.style().detail());
        assertEquals(Progress.BARS, options.style().progress());
    }

    @Test
    void jobsGivenByHandLiftTheLimitPerHost() {
        assertEquals(64, parse("-j", "64", "u").settings().perHost());
        assertEquals(64, parse("-j", "64", "u").settings().jobs());
        assertEquals(2, parse("-j", "2", "u").settings().perHost());
        assertEquals(3, parse("-j", "64", "--per-host", "3", "u").settings().perHost());
    }

    @Test
    void afterTwoDashesEverythingIsAUrl() {
        assertEquals(List.of("-q"), parse("--", "-q").urls());
    }

    @Test
    void theLogTakesThePlaceOfTheBars() {
        assertEquals(Progress.LINES, parse("-v", "u").style().progress());
        assertEquals(
                Progress.BARS, parse("-v", "--progress", "bars", "u").style().progress());
    }

    private static Options parse(String... args) {
        return new Options(new CommandLine(CommandDefinition.fetch()).parseArgs(args));
    }
}
