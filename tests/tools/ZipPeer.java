import java.io.FileOutputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Wraps files as Java programs do: ZipPeer entry folder...; in each folder one ZIP of its file "content" for each way. */
public class ZipPeer {
    public static void main(String[] arguments) throws Exception {
        for (int number = 1; number < arguments.length; number++) {
            wrap(arguments[0], Path.of(arguments[number]));
        }
    }

    private static void wrap(String name, Path folder) throws Exception {
        byte[] content = Files.readAllBytes(folder.resolve("content"));
        for (String way : new String[] {"streamed", "timed", "stored", "unpacked", "hardest", "pieces"}) {
            try (OutputStream file = new FileOutputStream(folder.resolve(way + ".zip").toFile());
                    ZipOutputStream out = new ZipOutputStream(file)) {
                ZipEntry entry = new ZipEntry(name);
                if (way.equals("timed")) {
                    entry.setLastModifiedTime(FileTime.fromMillis(1_777_777_777_777L));
                    entry.setCreationTime(FileTime.fromMillis(1_666_666_666_666L));
                } else if (way.equals("stored")) {
                    CRC32 sum = new CRC32();
                    sum.update(content);
                    entry.setMethod(ZipEntry.STORED);
                    entry.setSize(content.length);
                    entry.setCrc(sum.getValue());
                } else if (way.equals("unpacked")) {
                    out.setLevel(0);
                } else if (way.equals("hardest")) {
                    out.setLevel(9);
                }
                out.putNextEntry(entry);
                int step = way.equals("pieces") ? 1000 : Math.max(content.length, 1);
                for (int at = 0; at < content.length; at += step) {
                    out.write(content, at, Math.min(step, content.length - at));
                }
                out.closeEntry();
            }
        }
        URI place = URI.create("jar:" + folder.resolve("mounted.zip").toUri());
        try (FileSystem mounted = FileSystems.newFileSystem(place, Map.of("create", "true"))) {
            Files.write(mounted.getPath("/" + name), content);
        }
    }
}
