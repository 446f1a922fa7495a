package dev.weft.cli.name;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weft.http.message.ContentDisposition;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RemoteNameTest {
    private static final String URL = "http://h/get.php?id=7";

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            attachment; filename=a.iso                                        | a.iso
            attachment; filename="a b.iso"                                    | a b.iso
            attachment; filename="x.iso"; filename*=UTF-8''%E7%B1%B3.iso      | 米.iso
            attachment; filename*=UTF-8''%E7%B1%B3.iso; filename="x.iso"      | 米.iso
            inline; filename=i.txt                                            | i.txt
            attachment; filename="/etc/passwd"                                | passwd
            attachment; filename="..\\..\\x.dll"                              | x.dll
            attachment; filename*=UTF-8''..%2F..%2Fx                          | x
            attachment; filename="a%2f..%2fb"                                 | b
            attachment; filename=".bashrc"                                    | bashrc
            attachment; filename=".."                                         | final.bin
            attachment; filename=""                                           | final.bin
            attachment                                                        | final.bin
            """)
    void theServersNameIsFirst(String disposition, String name) {
        assertEquals(
                name, RemoteName.of(URL, ContentDisposition.parse(disposition), "http://cdn/x/final.bin", "text/html"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            http://cdn/x/final.bin | application/pdf | final.bin
            http://cdn/            | application/pdf | get.php
            http://cdn/..%2f       | text/html       | _
            """)
    void thenThatOfTheUrlItCameFrom(String finalUrl, String type, String name) {
        assertEquals(name, RemoteName.of(URL, null, finalUrl, type));
    }

    @ParameterizedTest
    @CsvSource({
        "text/html, index.html",
        "application/pdf, index.pdf",
        "image/jpeg, index.jpg",
        "application/json, index.json",
        "application/octet-stream, index",
        "x/../../y, index",
        "'', index"
    })
    void withoutAnyNameTheTypeTellsTheExtension(String type, String name) {
        assertEquals(name, RemoteName.of("http://h/", null, "http://h/", type));
    }
}
