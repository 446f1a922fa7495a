package dev.weft.cli.name;

import dev.weft.cli.input.Job;
import dev.weft.http.message.ClientResponse;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The rule by which a run names its files: a name of its own that a URL has in a list, else a template, else the host and path of the URL, else its
 * last element. Pure; immutable; any thread.
 *
 * <p>Invariant: whatever a URL, a list or a server says, its file is below what the user has named.
 */
public final class Naming {
    private final TargetFile.Root directory;
    private final @Nullable Template template;
    private final TargetFile.Root templateRoot;
    private final boolean tree;
    private final boolean remoteName;

    /**
     * @param directory where files go
     * @param template by which they are named; null for none
     * @param tree whether files go into directories after host and path of their URL; a template has its own
     * @param remoteName whether the server may name a file ({@code Content-Disposition}, redirects)
     */
    public Naming(Path directory, @Nullable Template template, boolean tree, boolean remoteName) {
        this.directory = new TargetFile.Root(directory, key(directory), "");
        this.template = template;
        this.templateRoot = template == null ? this.directory : root(template.root(directory));
        this.tree = tree;
        this.remoteName = remoteName;
    }

    private TargetFile.Root root(Path path) {
        String key = key(path);
        String own = directory.key();
        if (key.equals(own)) {
            return new TargetFile.Root(path, key, "");
        }
        boolean below = key.startsWith(own.endsWith("/") ? own : own + "/");
        String rest = below ? key.substring(own.length() + (own.endsWith("/") ? 0 : 1)) : null;
        return new TargetFile.Root(path, key, rest);
    }

    private static String key(Path path) {
        return path.toAbsolutePath().normalize().toString().replace('\\', '/');
    }

    /** Whether only an answer tells the name. */
    public boolean needsAnswer(Job job) {
        return remoteName && job.options().name() == null && (template == null || template.usesName());
    }

    /**
     * The job for a list that another run reads: with its name, where the URL alone would lead to another, as long as a list may name
     * such a file.
     *
     * @param target where its file goes
     * @param renamed whether another URL of this run had the name first
     */
    public Job again(Job job, TargetFile target, boolean renamed) {
        boolean byTemplate = template != null && job.options().name() == null;
        boolean nameable = target.isBelow() && SafeParts.path(target.shown()).equals(target.shown());
        return (renamed || byTemplate) && nameable ? job.named(target.shown()) : job;
    }

    /**
     * Where the file of a URL goes.
     *
     * @param number of the URL in the run, from 1
     */
    public TargetFile target(Job job, long number) {
        return target(job, number, SafeParts.nameOf(job.url()));
    }

    /** The same, with what the answer says of the name. */
    public TargetFile target(Job job, long number, ClientResponse answer) {
        return target(job, number, RemoteName.of(job.url(), answer));
    }

    private TargetFile target(Job job, long number, String name) {
        String dir =
                job.options().dir() == null ? "" : SafeParts.path(job.options().dir());
        String own = job.options().name();
        if (own != null) {
            String path = SafeParts.path(own);
            boolean named = !path.isEmpty() && !own.endsWith("/");
            return new TargetFile(directory, SafeParts.join(dir, named ? path : SafeParts.join(path, name)));
        }
        if (template != null) {
            return new TargetFile(templateRoot, SafeParts.join(dir, template.expand(job, number, name)));
        }
        String directories =
                tree ? SafeParts.join(SafeParts.hostOf(job.url()), SafeParts.directoriesOf(job.url())) : "";
        return new TargetFile(directory, SafeParts.join(dir, SafeParts.join(directories, name)));
    }
}
