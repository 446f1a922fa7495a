package dev.weft.cli.name;

/** Extensions for files whose server tells no name, by their media type. Pure; any thread. Source: IANA's registry of media types. */
final class MediaTypes {
    private MediaTypes() {}

    /**
     * The usual extension, with its dot; empty for types that have none, or are not common.
     *
     * @param type without parameters, in lower case
     */
    static String extension(String type) {
        return switch (type) {
            case "text/html", "application/xhtml+xml" -> ".html";
            case "text/plain" -> ".txt";
            case "text/css" -> ".css";
            case "text/csv" -> ".csv";
            case "text/markdown" -> ".md";
            case "text/javascript", "application/javascript" -> ".js";
            case "text/xml", "application/xml" -> ".xml";
            case "application/json" -> ".json";
            case "application/x-ndjson", "application/jsonl" -> ".jsonl";
            case "application/yaml", "text/yaml" -> ".yaml";
            case "application/atom+xml" -> ".atom";
            case "application/rss+xml" -> ".rss";
            case "application/wasm" -> ".wasm";
            case "application/pdf" -> ".pdf";
            case "application/epub+zip" -> ".epub";
            case "application/zip", "application/x-zip-compressed" -> ".zip";
            case "application/gzip", "application/x-gzip" -> ".gz";
            case "application/zstd" -> ".zst";
            case "application/x-bzip2" -> ".bz2";
            case "application/x-xz" -> ".xz";
            case "application/x-tar" -> ".tar";
            case "application/x-7z-compressed" -> ".7z";
            case "application/java-archive" -> ".jar";
            case "application/msword" -> ".doc";
            case "application/vnd.openxmlformats-officedocument.wordprocessingml.document" -> ".docx";
            case "application/vnd.ms-excel" -> ".xls";
            case "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" -> ".xlsx";
            case "image/png" -> ".png";
            case "image/jpeg" -> ".jpg";
            case "image/gif" -> ".gif";
            case "image/webp" -> ".webp";
            case "image/avif" -> ".avif";
            case "image/svg+xml" -> ".svg";
            case "image/tiff" -> ".tiff";
            case "audio/mpeg" -> ".mp3";
            case "audio/ogg" -> ".ogg";
            case "audio/flac" -> ".flac";
            case "audio/wav", "audio/x-wav" -> ".wav";
            case "video/mp4" -> ".mp4";
            case "video/webm" -> ".webm";
            default -> "";
        };
    }
}
