package dev.weft.cli.help;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.cli.options.Option;
import dev.weft.cli.options.Topic;
import dev.weft.cli.options.UsageException;
import dev.weft.cli.report.WriteOut;
import org.junit.jupiter.api.Test;

class HelpTest {
    @Test
    void theOneScreen() {
        assertEquals("""
                fetch - download many URLs at once                                                                   fetch 1.0
                Usage: fetch [OPTIONS] URL...          fetch [OPTIONS] -i FILE        ... | fetch -i -

                  fetch https://host/a.iso                     one file, in segments where that helps
                  fetch -d out -i urls.txt -j 64               a list: one URL a line, "URL<tab>NAME" names it
                  fetch 'https://host/p[001-100].jpg' -o 'p#1.jpg'
                  fetch --checksums SHA256SUMS https://host/x.tar.gz

                Input    -i, --input FILE       read URLs from FILE (- is stdin)  --no-glob      take [ ] { } as they are
                Output   -d, --dir DIR          put files here (made if missing)  -o, --output T file, template, - for stdout
                         -J, --remote-name      use the server's name             -x, --tree     keep host/path directories
                             --exists HOW       skip, resume*, update, rename, overwrite, fail
                Speed    -j, --jobs N           downloads at once [32]            --per-host N   downloads per host [8]
                         -s, --segments N       up to 16 parts of a file [auto]   --limit-rate R bytes/s in all, as 5M
                Trouble  -r, --retry N          tries after the first [5]         --retry-on L   more statuses, as 403,404
                         -t, --timeout SEC      silence before a retry [30]       --max-time SEC for each URL
                             --checksum A:HEX   for one file                      --checksums F  a SHA256SUMS file or URL
                             --failed FILE      write what failed, to feed to -i  --fail-fast    stop at the first failure
                Request  -H, --header 'K: V'   -u, --user U[:P]   --bearer TOKEN   -b, --cookies FILE   --netrc
                         -A, --agent NAME   --proxy URL   --cacert FILE   -k, --insecure   --compressed
                Report   -q, --quiet            tell failures only                -v, --verbose  log what happens inside
                         -n, --dry-run          print URL and path, fetch nothing --json         a line per URL on stdout
                             --progress auto|bars|lines|none  how progress is shown [auto]
                             --demo             see it work, without a network    --no-config    read no config file
                         -h, --help [TOPIC]     help; all of it: --help all       -V, --version  the version
                             --completion bash|zsh|fish  print completions for a shell

                Exit: 0 all done, 1 some URL failed, 2 wrong usage, 3 local disk or permission, 130 interrupted.  * default
                """, Help.of("", "1.0"));
    }

    @Test
    void noLineIsTooLong() {
        for (String word : Option.HELP.words()) {
            assertTrue(Help.of(word, "1.0").lines().allMatch(line -> line.length() <= 110), word);
        }
        assertTrue(Help.of("", "0.1.0-SNAPSHOT").lines().allMatch(line -> line.length() <= 110));
    }

    @Test
    void allHasEveryOption_aTopicIts_withWholeSentences() {
        String all = Help.of("all", "1.0");
        for (Option option : Option.values()) {
            String names = String.join(", ", option.names());
            assertTrue(all.contains(names), names);
            for (Topic topic : Topic.values()) {
                assertEquals(
                        option.topic() == topic, hasLine(Help.of(topic.toString(), "1.0"), names), names + " " + topic);
            }
        }
        assertFalse(all.contains("Evenly spread"));
        assertTrue(Help.of("speed", "1.0").contains("Evenly spread"));
    }

    private static boolean hasLine(String help, String names) {
        return help.lines()
                .anyMatch(line ->
                        line.strip().startsWith(names + " ") || line.strip().equals(names));
    }

    @Test
    void whatMayStandInTemplatesIsListed() {
        String all = Option.WRITE_OUT.more();
        for (String name : WriteOut.names()) {
            assertTrue(
                    all.contains(" " + name + ",")
                            || all.contains(" " + name + " or ")
                            || all.contains(" " + name + ";"),
                    name);
        }
    }

    @Test
    void anOptionHasHelpOfItsOwn() {
        String help = Help.of("rps", "1.0");
        assertTrue(help.startsWith("      --rps N"), help);
        assertTrue(help.contains("Evenly spread"), help);
        assertEquals(help, Help.of("--rps", "1.0"));
        assertThrows(UsageException.class, () -> Help.of("nothing", "1.0"));
    }
}
