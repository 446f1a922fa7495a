package dev.weft.http.encoding;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.github.luben.zstd.ZstdDecompressCtx;
import java.io.File;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The native libraries of {@code br} and {@code zstd}, which a program may leave out. Any thread.
 *
 * <p>To offer a coding we only look whether its library is there (about 1 ms, once); loading it (15 to 150 ms, and a file in the
 * temporary directory) waits for the first body that has the coding. If it then cannot be loaded, that body is an error and the
 * coding is not offered any more.
 *
 * <p>Invariant: before {@link #load} nothing here, nor in {@link Codings}, touches a class of the libraries, nor one of ours that names
 * them: the JVM may want them as soon as it links that. So does a method reference to one of their methods, hence the lambdas.
 */
final class Library {
    /** Google's brotli; its native libraries are jars of their own, one for each platform. */
    static final Library BROTLI = new Library(
            "br",
            "com.aayushatharva.brotli4j:brotli4j",
            "com.aayushatharva.brotli4j.decoder.DecoderJNI",
            Library::brotliIsThere,
            () -> Brotli4jLoader.ensureAvailability());

    /** Facebook's zstd; its jar has the native libraries of all platforms. Only with the first context its methods are linked. */
    static final Library ZSTD = new Library(
            "zstd",
            "com.github.luben:zstd-jni",
            "com.github.luben.zstd.ZstdDecompressCtx",
            () -> true,
            () -> new ZstdDecompressCtx().close());

    /** All there are, in the order in which they are offered. */
    static final List<Library> ALL = List.of(BROTLI, ZSTD);

    private enum State {
        UNKNOWN,
        ABSENT,
        THERE,
        LOADED,
        UNUSABLE
    }

    private final String coding;
    private final String artifact;
    private final String className;
    private final BooleanSupplier hasNative;
    private final Runnable start;
    private volatile State state = State.UNKNOWN;
    private @Nullable Throwable problem;

    /**
     * Describes one.
     *
     * @param className a class of it that loads nothing
     * @param hasNative whether a native library for this platform is to be found; loads nothing
     * @param start loads the native library and makes it ready
     */
    private Library(String coding, String artifact, String className, BooleanSupplier hasNative, Runnable start) {
        this.coding = coding;
        this.artifact = artifact;
        this.className = className;
        this.hasNative = hasNative;
        this.start = start;
    }

    /** What {@code Accept-Encoding} calls its coding. */
    String coding() {
        return coding;
    }

    /** Whether the coding may be offered: its library is there, and has not failed to load. */
    boolean isOffered() {
        return switch (state) {
            case THERE, LOADED -> true;
            case ABSENT, UNUSABLE -> false;
            case UNKNOWN -> look();
        };
    }

    private synchronized boolean look() {
        if (state == State.UNKNOWN) {
            state = isThere(className) && hasNative.getAsBoolean() ? State.THERE : State.ABSENT;
        }
        return isOffered();
    }

    boolean isLoaded() {
        return state == State.LOADED;
    }

    /**
     * Loads the library if that was not done yet.
     *
     * @throws CodingException if it is not there, or cannot be loaded
     */
    void load() throws CodingException {
        if (state != State.LOADED) {
            loadOnce();
        }
    }

    private synchronized void loadOnce() throws CodingException {
        if (!isThere(className)) {
            throw new CodingException(
                    "the content coding " + coding + " needs the library " + artifact + ", which is not there");
        }
        if (state != State.LOADED && state != State.UNUSABLE) {
            try {
                start.run();
                state = State.LOADED;
            } catch (LinkageError | RuntimeException e) {
                problem = e;
                state = State.UNUSABLE;
            }
        }
        if (state == State.UNUSABLE) {
            throw new CodingException(
                    "the content coding " + coding + " needs the native part of " + artifact
                            + ", which cannot be loaded: " + reason(problem),
                    problem);
        }
    }

    private static String reason(@Nullable Throwable problem) {
        Throwable root = problem;
        while (root != null && root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root);
    }

    private static boolean isThere(String className) {
        try {
            Class.forName(className, false, Library.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException | LinkageError e) {
            return false;
        }
    }

    /** The places where {@link Brotli4jLoader} looks. */
    private static boolean brotliIsThere() {
        if (System.getProperty("brotli4j.library.path") != null) {
            return true;
        }
        String file = System.mapLibraryName("brotli");
        for (String directory : System.getProperty("java.library.path", "").split(File.pathSeparator, -1)) {
            if (!directory.isEmpty() && new File(directory, file).exists()) {
                return true;
            }
        }
        // The jar of each platform has this class beside the library. To look for the library itself would open every
        // jar of the class path, where a class may be in the ahead-of-time cache.
        return isThere("com.aayushatharva.brotli4j." + brotliPlatform() + ".NativeLoader");
    }

    private static String brotliPlatform() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String family = os.startsWith("mac") ? "macos" : os.startsWith("windows") ? "windows" : "linux";
        String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        return family
                + switch (arch) {
                    case "amd64" -> ".x86_64";
                    case "arm" -> ".armv7";
                    default -> "." + arch;
                };
    }
}
