package dev.weft.cli.download;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Notes all it is told. */
final class RecordingObserver implements Observer {
    final List<Transfer> started = new ArrayList<>();
    final List<Outcome> outcomes = new ArrayList<>();
    final List<String> renamed = new ArrayList<>();
    final List<String> planned = new ArrayList<>();
    final List<String> warnings = new ArrayList<>();
    final List<String> listFailures = new ArrayList<>();
    OptionalLong expected = OptionalLong.empty();
    Runnable whenStarted = () -> {};
    Runnable whenEnded = () -> {};

    Outcome of(String url) {
        return outcomes.stream().filter(o -> o.url().equals(url)).findFirst().orElseThrow();
    }

    @Override
    public void started(Transfer transfer) {
        started.add(transfer);
        whenStarted.run();
    }

    @Override
    public void ended(Transfer transfer, Outcome outcome) {
        outcomes.add(outcome);
        whenEnded.run();
    }

    @Override
    public void renamed(Transfer transfer, String wanted) {
        renamed.add(wanted + " -> " + transfer.name() + " for " + transfer.url());
    }

    @Override
    public void planned(String url, Path path) {
        planned.add(url + " -> " + path);
    }

    @Override
    public void warned(String message) {
        warnings.add(message);
    }

    @Override
    public void listFailed(DiskException e) {
        listFailures.add(e.getMessage());
    }

    @Override
    public void expects(long urls) {
        expected = OptionalLong.of(urls);
    }
}
