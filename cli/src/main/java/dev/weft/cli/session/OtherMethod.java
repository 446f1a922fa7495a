package dev.weft.cli.session;

import dev.weft.cli.options.Option;
import dev.weft.cli.options.Settings;
import dev.weft.cli.options.UsageException;
import dev.weft.http.message.Body;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.Middleware;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Sends the requests of downloads with another method, and a body perhaps. For the call ring: what redirects make of them is the client's to
 * say.
 */
final class OtherMethod implements Middleware {
    private static final String FORM = "application/x-www-form-urlencoded";

    private final String method;
    private final @Nullable Body body;

    private OtherMethod(String method, @Nullable Body body) {
        this.method = method;
        this.body = body;
    }

    static OtherMethod of(Settings settings) {
        Option said = settings.uppermost(Option.DATA, Option.UPLOAD);
        Path file = settings.path(Option.UPLOAD);
        String data = settings.text(Option.DATA);
        if (said == Option.UPLOAD && file != null) {
            return new OtherMethod(settings.method(), ofFile(Option.UPLOAD, file));
        }
        return new OtherMethod(settings.method(), data == null ? null : ofText(data));
    }

    private static Body ofText(String data) {
        if (data.equals("@-")) {
            return Body.of(new FileInputStream(FileDescriptor.in)).withContentType(FORM);
        }
        return data.startsWith("@")
                ? ofFile(Option.DATA, Path.of(data.substring(1))).withContentType(FORM)
                : Body.of(data.getBytes(StandardCharsets.UTF_8), FORM);
    }

    private static Body ofFile(Option option, Path file) {
        try {
            return Body.of(file);
        } catch (UncheckedIOException e) {
            throw new UsageException(option.longName() + ": cannot read " + file + ": " + Trust.reason(e));
        } catch (IllegalArgumentException e) {
            throw new UsageException(option.longName() + ": " + e.getMessage());
        }
    }

    @Override
    public ClientResponse handle(ClientRequest request, Next next) {
        return next.send(request.withMethod(method).withBody(body));
    }
}
