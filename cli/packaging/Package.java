import dev.weft.cli.help.Share;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;

/**
 * Puts fetch together as a directory that needs no JDK: bin/fetch, lib/*.jar, lib/native, runtime (jlink), lib/fetch.aot (the
 * ahead-of-time cache), and share (man page, completions). Run by the build's JDK, with the program's class path. What has not changed since the last time is left as
 * it is: linking and training take seconds. The file is long because it runs as it is, from its source.
 *
 * <p>Arguments: the directory of the launcher's template, the program's jar, the directory to make, the version.
 */
class Package {
    /**
     * What the program and its libraries use; jdk.jfr is not among them, because Netty would load it at every start. The demo's
     * server is jdk.httpserver.
     */
    private static final String MODULES = "java.base,java.logging,java.naming,jdk.httpserver,jdk.unsupported";

    /** Given both when the cache is made and when it is used: it fits no other garbage collector, nor other opened packages. */
    private static final List<String> JVM_OPTIONS = List.of(
            "-XX:TieredStopAtLevel=1",
            // Compiles in half the time: 2,000 small files take an eighth less, one takes 3 ms more.
            "-XX:CompileThresholdScaling=0.5",
            "-XX:+UseSerialGC",
            // What is young dies young here; more than this would only be touched, and count as memory of the process.
            "-Xmn32m",
            "-XX:-UsePerfData",
            // Else the process waits up to 0.3 s at its end for a thread that is in a system call.
            "-XX:UserThreadWaitAttemptsAtExit=0",
            // For the inline carrier of the loop, and for Netty's and the terminal's native parts.
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            // Reflection by native calls: nothing here reflects so often that made-to-measure code would pay.
            "-Djdk.reflect.useNativeAccessorOnly=true",
            // What Netty would otherwise look up or load at every start.
            "-Dio.netty.allocator.type=unpooled",
            "-Dio.netty.leakDetection.level=disabled",
            "-Dio.netty.jfr.enabled=false",
            "-Dio.netty.processId=1",
            "-Dio.netty.machineId=00:00:00:00:00:00:00:01");

    /** Far more than it takes. */
    private static final int TRAINING_SECONDS = 120;

    private static final String PASSWORD = "training";

    private final Path templates;
    private final Path home;
    private final Path lib;
    private final Path nativeLib;
    private final Path runtime;
    private final Path stamps;

    private Package(Path templates, Path home) {
        this.templates = templates;
        this.home = home;
        lib = home.resolve("lib");
        nativeLib = lib.resolve("native");
        runtime = home.resolve("runtime");
        stamps = home.resolveSibling("fetch-stamps");
    }

    public static void main(String[] args) throws Exception {
        new Package(Path.of(args[0]), Path.of(args[2])).build(Path.of(args[1]));
        Share.write(Path.of(args[2]), args[3]);
    }

    private void build(Path program) throws Exception {
        Files.createDirectories(nativeLib);
        Files.createDirectories(stamps);
        List<Path> jars = jars(program);
        Set<Path> wanted = new TreeSet<>();
        List<String> classPath = new ArrayList<>();
        for (Path jar : jars) {
            if (!extractNatives(jar, wanted)) {
                Path target = lib.resolve(jar.getFileName().toString());
                copy(OldClasses.renew(jar), target, wanted);
                classPath.add(target.getFileName().toString());
            }
        }
        removeOthers(wanted);
        String launcher = launcher(classPath);
        Path script = home.resolve("bin/fetch");
        Files.createDirectories(script.getParent());
        copy(launcher.getBytes(StandardCharsets.UTF_8), script, wanted);
        script.toFile().setExecutable(true, false);

        String jdk = System.getProperty("java.home") + " " + Runtime.version();
        String image = digest(jdk, MODULES, Files.readString(templates.resolve("Package.java")));
        if (!isDone("runtime", image)) {
            link();
            done("runtime", image);
        }
        String contents = digest(image, launcher, digest(wanted));
        if (!isDone("cache", contents)) {
            train(classPath);
            done("cache", contents);
        }
    }

    /** The program's jar first, then those it runs on, in the order of the class path. */
    private static List<Path> jars(Path program) {
        List<Path> jars = new ArrayList<>();
        jars.add(program);
        for (String entry : System.getProperty("java.class.path").split(System.getProperty("path.separator"))) {
            Path path = Path.of(entry);
            if (entry.endsWith(".jar")
                    && !path.equals(program)
                    && !isIdle(path.getFileName().toString())) {
                jars.add(path);
            }
        }
        return jars;
    }

    /** Jars of nothing but annotations, and of libraries for other machines: each costs a descriptor and some time at every start. */
    private static boolean isIdle(String jar) {
        if (jar.startsWith("error_prone_annotations-") || jar.startsWith("jspecify-")) {
            return true;
        }
        boolean mac = System.getProperty("os.name").startsWith("Mac");
        boolean arm = System.getProperty("os.arch").equals("aarch64");
        String brotli = "native-" + (mac ? "osx-" : "linux-") + (arm ? "aarch64-" : "x86_64-");
        return jar.startsWith("native-") && !jar.startsWith(brotli);
    }

    /**
     * Unpacks the native libraries that are for this machine, so that the program need not do it, into a temporary directory that
     * may be mounted noexec, at every start.
     *
     * @return whether the jar holds nothing but native libraries
     */
    private boolean extractNatives(Path jar, Set<Path> wanted) throws IOException {
        boolean classes = false;
        boolean natives = false;
        try (JarFile file = new JarFile(jar.toFile())) {
            for (JarEntry entry : file.stream().toList()) {
                String name = entry.getName();
                classes |= name.endsWith(".class")
                        && !name.equals("module-info.class")
                        && !name.startsWith("META-INF/versions/");
                if (name.matches(".*\\.(so|jnilib|dylib|dll|a)")) {
                    natives = true;
                    if (isForThisMachine(jar, name)) {
                        String base = name.substring(name.lastIndexOf('/') + 1);
                        try (InputStream in = file.getInputStream(entry)) {
                            copy(in.readAllBytes(), nativeLib.resolve(base), wanted);
                        }
                    }
                }
            }
        }
        return natives && !classes;
    }

    private static boolean isForThisMachine(Path jar, String entry) {
        boolean mac = System.getProperty("os.name").startsWith("Mac");
        boolean arm = System.getProperty("os.arch").equals("aarch64");
        if (entry.startsWith("org/jline/nativ/")) {
            return entry.startsWith("org/jline/nativ/" + (mac ? "Mac/" : "Linux/") + (arm ? "arm64/" : "x86_64/"));
        }
        String classifier = (mac ? "osx-" : "linux-") + (arm ? "aarch_64" : "x86_64");
        return jar.getFileName().toString().contains(classifier) && !entry.endsWith(".a");
    }

    private void removeOthers(Set<Path> wanted) throws IOException {
        for (Path directory : List.of(lib, nativeLib)) {
            try (var files = Files.list(directory)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    if (!wanted.contains(file) && !file.equals(lib.resolve("fetch.aot"))) {
                        Files.delete(file);
                    }
                }
            }
        }
    }

    private String launcher(List<String> classPath) throws IOException {
        String path = classPath.stream().map(name -> "$lib/" + name).collect(Collectors.joining(":"));
        return Files.readString(templates.resolve("fetch.sh"))
                .replace("@JVM_OPTIONS@", String.join(" ", JVM_OPTIONS))
                .replace("@CLASS_PATH@", path);
    }

    private void link() throws IOException {
        delete(runtime);
        run(
                "jlink",
                List.of(
                        "--add-modules",
                        MODULES,
                        "--strip-debug",
                        "--no-header-files",
                        "--no-man-pages",
                        "--compress",
                        "zip-6",
                        "--output",
                        runtime.toString()));
    }

    private static void run(String tool, List<String> arguments) {
        long start = System.nanoTime();
        int code = ToolProvider.findFirst(tool)
                .orElseThrow(() -> new IllegalStateException("this JDK has no " + tool))
                .run(System.out, System.err, arguments.toArray(String[]::new));
        if (code != 0) {
            throw new IllegalStateException(tool + " ended with code " + code);
        }
        took(tool, start);
    }

    /** Runs the program once through all that it commonly does; the JVM writes what it has loaded and linked into the cache. */
    private void train(List<String> classPath) throws IOException, InterruptedException {
        long start = System.nanoTime();
        Path cache = lib.resolve("fetch.aot");
        Files.deleteIfExists(cache);
        Path files = stamps.resolve("training");
        delete(files);
        Files.createDirectory(files);
        Path keys = files.resolve("keys.p12");
        makeKeys(keys);
        List<String> command = new ArrayList<>();
        command.add(runtime.resolve("bin/java").toString());
        command.addAll(JVM_OPTIONS);
        command.add("-XX:AOTCacheOutput=" + cache);
        command.add("-Xlog:disable");
        command.add("-Djava.library.path=" + nativeLib);
        command.add("-Dlibrary.jline.path=" + nativeLib);
        command.add("-cp");
        command.add(classPath.stream().map(name -> lib.resolve(name).toString()).collect(Collectors.joining(":")));
        command.add("dev.weft.cli.Training");
        command.addAll(List.of(files.toString(), keys.toString(), PASSWORD));
        Path log = stamps.resolve("training.log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().keySet().removeAll(Set.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"));
        Process process = builder.start();
        boolean ended = process.waitFor(TRAINING_SECONDS, TimeUnit.SECONDS);
        if (!ended || process.exitValue() != 0 || !Files.exists(cache)) {
            process.destroyForcibly();
            String how = ended ? "ended with code " + process.exitValue() : "does not end";
            throw new IllegalStateException("the training run " + how + ":\n" + Files.readString(log));
        }
        took("ahead-of-time cache", start);
    }

    /** For the server of the training run: nobody else trusts it. */
    private static void makeKeys(Path keys) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of("-genkeypair", "-alias", "training", "-keyalg", "EC", "-groupname", "secp256r1"));
        command.addAll(List.of("-dname", "CN=127.0.0.1", "-validity", "2", "-storetype", "PKCS12"));
        command.addAll(List.of("-keystore", keys.toString(), "-storepass", PASSWORD));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException("keytool makes no key: " + said);
        }
    }

    private static void took(String what, long start) {
        System.out.printf(Locale.ROOT, "%s: %.1f s%n", what, (System.nanoTime() - start) / 1e9);
    }

    /** Leaves a file that has the bytes already as it is: the cache goes by its time. */
    private static void copy(byte[] bytes, Path target, Set<Path> wanted) throws IOException {
        wanted.add(target);
        if (Files.exists(target) && java.util.Arrays.equals(Files.readAllBytes(target), bytes)) {
            return;
        }
        Path temporary = target.resolveSibling(target.getFileName() + ".new");
        Files.write(temporary, bytes);
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    }

    private boolean isDone(String step, String key) throws IOException {
        Path stamp = stamps.resolve(step);
        Path result = step.equals("cache") ? lib.resolve("fetch.aot") : runtime.resolve("bin/java");
        return Files.exists(result)
                && Files.exists(stamp)
                && Files.readString(stamp).equals(key);
    }

    private void done(String step, String key) throws IOException {
        Files.writeString(stamps.resolve(step), key);
    }

    private static void delete(Path tree) throws IOException {
        if (Files.exists(tree)) {
            try (var files = Files.walk(tree)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static String digest(Set<Path> files) throws Exception {
        Map<String, String> digests = new TreeMap<>();
        for (Path file : files) {
            digests.put(file.toString(), hex(Files.readAllBytes(file)));
        }
        return digests.toString();
    }

    private static String digest(String... texts) throws Exception {
        return hex(String.join("\0", texts).getBytes(StandardCharsets.UTF_8));
    }

    private static String hex(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
