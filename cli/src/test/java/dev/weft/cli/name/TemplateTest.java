package dev.weft.cli.name;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.cli.input.Job;
import dev.weft.cli.input.JobOptions;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplateTest {
    private static final Path D = Path.of("d");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            x.iso                   | d          | x.iso
            sub/dir/x.iso           | d/sub/dir  | x.iso
            /abs/x.iso              | /abs       | x.iso
            /x.iso                  | /          | x.iso
            ../x.iso                | d/..       | x.iso
            p#1.jpg                 | d          | p007.jpg
            {#1}-{#2}               | d          | 007-b_c
            #2/#1                   | d          | b_c/007
            {host}/{path}/{name}    | d          | example.com_8080/a b/c/f.tar.gz
            {host}{path}            | d          | example.com_8080a b/c
            a/{host}/b/{stem}.{ext} | d/a        | example.com_8080/b/f.tar.gz
            {n}.{ext}               | d          | 12.tar.gz
            {stem}-{n}              | d          | f-12
            out/                    | d/out      | f.tar.gz
            .                       | d          | f.tar.gz
            ..                      | d/..       | f.tar.gz
            sub/.                   | d/sub      | f.tar.gz
            {{x}}/{{{n}             | d/{x}}     | {12
            #3                      | d          | #3
            #x#                     | d          | #x#
            .hidden                 | d          | .hidden
            a:b                     | d          | a:b
            """)
    void expands(String text, Path root, String inside) {
        Template template = Template.parse(text);
        Job job = job("http://EXAMPLE.com:8080/a%20b/c/f.tar.gz?q", "007", "b/c");
        assertEquals(root, template.root(D));
        assertEquals(inside, template.expand(job, 12, "f.tar.gz"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {nmae}        | unknown {nmae}; known are {host} {path} {name} {stem} {ext} {n} {#1}
            {}            | unknown {}
            {name         | { is not closed
            {host}/../x   | .. behind what is put in
            {host}/..     | .. behind what is put in
            #1/../x       | .. behind what is put in
            #99999999999  | there is no pattern #99999999999
            ''            | an empty name
            """)
    void whatIsMalformedIsRefused(String text, String message) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> Template.parse(text));
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }

    /** What is put in, and what stands around it, together are no way out either. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {path}/x         | http://h/f          | ''    | x
            {path}           | http://h/f          | ''    | index
            #1/x             | http://h/f          | ..    | x
            #1/x             | http://h/f          | /     | _/x
            .#1./x           | http://h/f          | ''    | _/x
            .#1/x            | http://h/f          | .     | _/x
            a/.#1.           | http://h/f          | .     | _
            {ext}/{ext}      | http://h/f          | ''    | index
            #1               | http://h/f          | ..    | index
            {path}/{name}    | http://h/../%2e%2e/a/..%2f/f | x | a/_/f
            #1               | http://h/f          | a\b  | a_b
            """)
    void nothingThatIsPutInLeadsOut(String text, String url, String capture, String inside) {
        Template template = Template.parse(text);
        assertEquals(inside, template.expand(job(url, capture), 1, SafeParts.nameOf(url)));
    }

    @Test
    void aNameThatBecomesTooLongIsCut() {
        Template template = Template.parse("{name}{name}.txt");
        String expanded = template.expand(Job.of("http://h/x"), 1, "\u00e4".repeat(100));
        assertEquals("\u00e4".repeat((255 - 4) / 2) + ".txt", expanded);
    }

    @Test
    void saysWhetherItNeedsTheName() {
        assertTrue(Template.parse("a{ext}").usesName());
        assertTrue(Template.parse("x/").usesName());
        assertTrue(!Template.parse("{host}/{n}#1").usesName());
    }

    private static Job job(String url, String... captures) {
        return new Job(url, List.of(), List.of(captures), JobOptions.NONE, null, null);
    }
}
