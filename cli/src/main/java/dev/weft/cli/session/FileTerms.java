package dev.weft.cli.session;

import dev.weft.cli.download.DiskException;
import dev.weft.cli.download.Observer;
import dev.weft.cli.download.Plan;
import dev.weft.cli.input.Job;
import dev.weft.cli.options.Option;
import dev.weft.cli.options.Settings;
import dev.weft.cli.options.UsageException;
import dev.weft.http.download.Checksum;
import dev.weft.http.download.ChecksumList;
import dev.weft.http.download.DownloadRequest;
import dev.weft.http.message.ClientException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What the settings say of every file: what is done where it exists, how long it may take, what it must have. Confined to the loop. */
public final class FileTerms implements Plan.Terms {
    private final Settings settings;
    private final Client client;
    private final List<ChecksumList> lists;
    private final Observer observer;

    private FileTerms(Settings settings, Client client, List<ChecksumList> lists, Observer observer) {
        this.settings = settings;
        this.client = client;
        this.lists = lists;
        this.observer = observer;
    }

    /**
     * Reads the lists of checksums.
     *
     * @param observer is told of files that are in none of them
     * @throws UsageException if one is none, or cannot be had from where it is
     * @throws DiskException if one cannot be read
     */
    public static FileTerms of(Settings settings, Client client, Observer observer) {
        List<ChecksumList> lists = new ArrayList<>(0);
        for (String place : settings.all(Option.CHECKSUMS)) {
            lists.add(list(client, place));
        }
        return new FileTerms(settings, client, lists, observer);
    }

    private static ChecksumList list(Client client, String place) {
        try {
            return place.contains("://")
                    ? ChecksumList.parse(
                            place, client.get(place).raiseForStatus(true).text().await())
                    : ChecksumList.read(Path.of(place));
        } catch (IOException e) {
            throw new DiskException("cannot read " + place, e);
        } catch (ClientException | IllegalArgumentException e) {
            throw new UsageException("--checksums: " + e.getMessage());
        }
    }

    @Override
    public void apply(DownloadRequest.Builder request, Job job, String name) {
        request.exists(settings.exists()).request(client.change(job.url()));
        Settings own = client.settingsFor(job.url());
        if (own.segments() != settings.segments()) {
            request.segments(own.segments());
        }
        Duration longest = own.time(Option.MAX_TIME);
        if (!longest.isZero()) {
            request.maxTime(longest);
        }
        Checksum one = settings.checksum();
        if (one != null) {
            request.checksum(one);
        }
        if (!lists.isEmpty()) {
            boolean found = false;
            for (ChecksumList list : lists) {
                for (Checksum checksum : list.find(name)) {
                    request.checksum(checksum);
                    found = true;
                }
            }
            if (!found) {
                observer.warned(name + " is in no list of checksums: it is not verified");
            }
        }
    }
}
