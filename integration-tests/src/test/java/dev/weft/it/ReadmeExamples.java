package dev.weft.it;

import static dev.weft.loop.Asyncio.gather;

import dev.weft.http.ClientSession;
import dev.weft.http.download.Downloader;
import dev.weft.loop.Asyncio;
import java.nio.file.Path;
import java.util.List;

/** The code of README.md, which {@link ReadmeTest} compares and runs. */
final class ReadmeExamples {
    private ReadmeExamples() {}

    static List<Integer> lengths(List<String> urls) {
        // README: library
        List<String> pages = Asyncio.run(() -> {
            try (var session = ClientSession.create()) {
                return gather(urls, url -> session.get(url).text().await()).await();
            }
        });
        // README: end
        return pages.stream().map(String::length).toList();
    }

    static void download(String url, Path file) {
        Asyncio.run(() -> {
            // README: download
            try (var session = ClientSession.create()) {
                Downloader.of(session).download(url, file).await();
            }
            // README: end
        });
    }

    static String firstHundred(String url) {
        StringBuilder out = new StringBuilder();
        Asyncio.run(() -> {
            try (var session = ClientSession.create();
                    var response = session.get(url).await()) {
                String text = response.text().await();
                out.append(text, 0, Math.min(100, text.length()));
            }
        });
        return out.toString();
    }
}
