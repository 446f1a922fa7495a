package dev.weft.http.encoding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.aayushatharva.brotli4j.decoder.DecoderJNI;
import com.aayushatharva.brotli4j.service.BrotliNativeProvider;
import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The optional libraries: what is offered and said when they are missing, and that they are not loaded before they are needed. */
@Timeout(60)
class LibraryTest {
    private static final URL WEFT = jarOf(Codings.class);
    private static final URL BROTLI = jarOf(DecoderJNI.class);
    private static final URL BROTLI_SERVICE = jarOf(BrotliNativeProvider.class);
    private static final URL BROTLI_NATIVE = jarOfNative();
    private static final URL ZSTD = jarOf(Zstd.class);

    private static URL jarOf(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation();
    }

    private static URL jarOfNative() {
        String file = System.mapLibraryName("brotli");
        for (String platform : List.of("linux-x86_64", "linux-aarch64", "osx-x86_64", "osx-aarch64")) {
            URL found = LibraryTest.class.getClassLoader().getResource("lib/" + platform + "/" + file);
            if (found != null && isThisMachine(platform)) {
                try {
                    return ((JarURLConnection) found.openConnection()).getJarFileURL();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }
        }
        throw new AssertionError("brotli4j has no native library for this machine on the class path");
    }

    private static boolean isThisMachine(String platform) {
        return platform.endsWith("aarch64") == System.getProperty("os.arch").equals("aarch64");
    }

    /** A program of its own that has these jars. */
    private static final class Program extends URLClassLoader {
        Program(URL... jars) {
            super(jars, ClassLoader.getPlatformClassLoader());
        }

        Object call(String method, Class<?> type, Object argument) throws Throwable {
            try {
                return codings().getMethod(method, type).invoke(null, argument);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }

        String accepted() throws ReflectiveOperationException {
            return (String) codings().getMethod("accepted").invoke(null);
        }

        private Class<?> codings() throws ClassNotFoundException {
            return loadClass("dev.weft.http.encoding.Codings");
        }

        String problem(String coding) {
            Throwable e = assertThrows(Throwable.class, () -> call("decoder", List.class, List.of("gzip", coding)));
            assertEquals("dev.weft.http.encoding.CodingException", e.getClass().getName());
            return e.getMessage();
        }

        boolean hasLoaded(String name) {
            return findLoadedClass(name) != null;
        }
    }

    @Test
    void withoutThem() throws Throwable {
        try (Program program = new Program(WEFT)) {
            assertEquals("gzip, deflate", program.accepted());
            assertEquals(
                    "the content coding br needs the library com.aayushatharva.brotli4j:brotli4j, which is not there",
                    program.problem("br"));
            assertEquals(
                    "the content coding zstd needs the library com.github.luben:zstd-jni, which is not there",
                    program.problem("zstd"));
            IllegalArgumentException e =
                    assertThrows(IllegalArgumentException.class, () -> program.call("encoder", String.class, "zstd"));
            assertTrue(e.getMessage().endsWith("which is not there; there are: gzip, deflate"), e.getMessage());
            assertInstanceOf(AutoCloseable.class, program.call("encoder", String.class, "gzip"));
            assertEquals(false, program.call("needsLoading", List.class, List.of("br", "zstd")));
            program.call("load", List.class, List.of("br", "zstd"));
        }
    }

    @Test
    void brotliWithoutItsNativeLibrary() throws Throwable {
        try (Program program = new Program(WEFT, BROTLI, BROTLI_SERVICE, ZSTD)) {
            assertEquals("gzip, deflate, zstd", program.accepted());
            String problem = program.problem("br");
            assertTrue(
                    problem.startsWith("the content coding br needs the native part of"
                            + " com.aayushatharva.brotli4j:brotli4j, which cannot be loaded: "),
                    problem);
            assertEquals(problem, program.problem("br"));
        }
    }

    @Test
    void zstdThatCannotBeLoaded() throws Throwable {
        System.setProperty("ZstdNativePath", "/there/is/no/such/library");
        try (Program program = new Program(WEFT, BROTLI, BROTLI_SERVICE, BROTLI_NATIVE, ZSTD)) {
            assertEquals("gzip, deflate, br, zstd", program.accepted());
            String problem = program.problem("zstd");
            assertTrue(problem.contains("com.github.luben:zstd-jni, which cannot be loaded"), problem);
            assertTrue(problem.contains("/there/is/no/such/library"), problem);
            assertEquals("gzip, deflate, br", program.accepted());
            assertEquals(problem, program.problem("zstd"));
        } finally {
            System.clearProperty("ZstdNativePath");
        }
    }

    @Test
    void nothingIsLoadedBeforeItIsNeeded() throws Throwable {
        try (Program program = new Program(WEFT, BROTLI, BROTLI_SERVICE, BROTLI_NATIVE, ZSTD)) {
            assertEquals("gzip, deflate, br, zstd", program.accepted());
            assertEquals(true, program.call("needsLoading", List.class, List.of("br")));
            program.call("decoder", List.class, List.of("gzip, deflate"));
            program.call("encoder", String.class, "deflate");
            assertFalse(program.hasLoaded("com.aayushatharva.brotli4j.Brotli4jLoader"));
            assertFalse(program.hasLoaded("com.github.luben.zstd.util.Native"));
            program.call("load", List.class, List.of("gzip, br"));
            assertTrue(program.hasLoaded("com.aayushatharva.brotli4j.Brotli4jLoader"));
            assertFalse(program.hasLoaded("com.github.luben.zstd.util.Native"));
            assertEquals(false, program.call("needsLoading", List.class, List.of("br")));
        }
    }
}
