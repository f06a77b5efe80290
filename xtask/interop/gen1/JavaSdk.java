import static org.junit.Assert.*;

import com.microsoft.azure.datalake.store.*;
import com.microsoft.azure.datalake.store.acl.*;
import com.microsoft.azure.datalake.store.oauth2.ClientCredsTokenProvider;
import com.microsoft.azure.datalake.store.retrypolicies.NoRetryPolicy;
import java.io.*;
import java.nio.charset.StandardCharsets;
import java.util.*;
import java.util.stream.Collectors;
import org.junit.Test;

/** Microsoft's Java SDK, each of its operations once, in a folder of its own for each test. */
public class JavaSdk {
    private static final ADLStoreClient client = ADLStoreClient.createClient(
        System.getenv("ADL_STORE_ACCOUNT") + ".azuredatalakestore.net",
        new ClientCredsTokenProvider(
            "https://login.microsoftonline.com/" + System.getenv("AZURE_TENANT_ID") + "/oauth2/token",
            System.getenv("AZURE_CLIENT_ID"), System.getenv("AZURE_CLIENT_SECRET")));

    private final String folder = "/java-sdk/" + UUID.randomUUID();

    private String file(String name, String text) throws IOException {
        String path = folder + "/" + name;
        try (OutputStream stream = client.createFile(path, IfExists.FAIL)) {
            stream.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return path;
    }

    private static String text(String path) throws IOException {
        try (InputStream stream = client.getReadStream(path)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static List<String> names(List<DirectoryEntry> entries) {
        return entries.stream().map(entry -> entry.name).collect(Collectors.toList());
    }

    @Test
    public void createsAndReads() throws IOException {
        String path = file("a b+%#?é.txt", "some text");
        assertEquals("some text", text(path));
        DirectoryEntry entry = client.getDirectoryEntry(path);
        assertEquals(9, entry.length);
        assertEquals(DirectoryEntryType.FILE, entry.type);
        assertEquals(path, entry.fullName);
    }

    @Test
    public void createFailsOrReplacesIfTheFileIsThere() throws IOException {
        String path = file("f", "one");
        assertThrows(ADLException.class, () -> client.createFile(path, IfExists.FAIL));
        client.createFile(path, IfExists.OVERWRITE).close();
        assertEquals("", text(path));
    }

    @Test
    public void createMakesParentsOnlyIfAllowed() throws IOException {
        client.createFile(folder + "/d/e/f", IfExists.FAIL, "640", true).close();
        assertEquals("640", client.getDirectoryEntry(folder + "/d/e/f").permission);
        assertThrows(ADLException.class, () -> client.createFile(folder + "/x/f", IfExists.FAIL, null, false));
    }

    @Test
    public void appendsAfterReopening() throws IOException {
        String path = file("f", "one ");
        try (OutputStream stream = client.getAppendStream(path)) {
            stream.write("two".getBytes(StandardCharsets.UTF_8));
        }
        assertEquals("one two", text(path));
    }

    @Test
    public void writesFilesThatAreLongerThanItsBuffer() throws IOException {
        byte[] bytes = new byte[9 * 1024 * 1024 + 17];
        new Random(4).nextBytes(bytes);
        String path = folder + "/long";
        try (ADLFileOutputStream stream = client.createFile(path, IfExists.FAIL)) {
            stream.write(bytes, 0, 5_000_000);
            stream.flush();
            stream.write(bytes, 5_000_000, bytes.length - 5_000_000);
        }
        try (InputStream stream = client.getReadStream(path)) {
            assertArrayEquals(bytes, stream.readAllBytes());
        }
    }

    @Test
    public void seeksAndReadsRanges() throws IOException {
        try (ADLFileInputStream stream = client.getReadStream(file("f", "0123456789"))) {
            stream.seek(7);
            assertEquals('7', stream.read());
            byte[] bytes = new byte[4];
            assertEquals(4, stream.read(2, bytes, 0, 4));
            assertEquals("2345", new String(bytes, StandardCharsets.UTF_8));
            assertEquals(8, stream.getPos());
            stream.seek(10);
            assertEquals(-1, stream.read());
            assertThrows(EOFException.class, () -> stream.seek(11));
        }
    }

    @Test
    public void listsPagesBetweenNames() throws IOException {
        for (String name : new String[] {"c", "a", "e", "b", "d"}) file(name, name);
        assertEquals(List.of("a", "b", "c", "d", "e"), names(client.enumerateDirectory(folder)));
        assertEquals(List.of("a", "b"), names(client.enumerateDirectory(folder, 2)));
        assertEquals(List.of("c", "d", "e"), names(client.enumerateDirectory(folder, "b")));
        assertEquals(List.of("c", "d"), names(client.enumerateDirectory(folder, "b", "e")));
        assertEquals(List.of("c"), names(client.enumerateDirectory(folder, 1, "b")));
    }

    @Test
    public void makesRenamesAndDeletes() throws IOException {
        assertTrue(client.createDirectory(folder + "/d/e", "750"));
        assertEquals("750", client.getDirectoryEntry(folder + "/d/e").permission);
        String path = file("f", "1");
        assertTrue(client.rename(path, folder + "/d/g"));
        assertFalse(client.checkExists(path));
        String other = file("f", "2");
        assertFalse(client.rename(other, folder + "/d/g"));
        assertTrue(client.rename(other, folder + "/d/g", true));
        assertEquals("2", text(folder + "/d/g"));
        assertThrows(ADLException.class, () -> client.delete(folder + "/d"));
        assertTrue(client.deleteRecursive(folder + "/d"));
        assertFalse(client.delete(folder + "/d"));
    }

    @Test
    public void changesAcls() throws IOException {
        String path = file("f", "");
        String user = UUID.randomUUID().toString();
        client.modifyAclEntries(path, AclEntry.parseAclSpec("user:" + user + ":r-x"));
        AclStatus status = client.getAclStatus(path);
        assertTrue(AclEntry.aclListToString(status.aclSpec).contains("user:" + user + ":r-x"));
        client.removeAclEntries(path, AclEntry.parseAclSpec("user:" + user + ":---"));
        assertFalse(AclEntry.aclListToString(client.getAclStatus(path).aclSpec).contains(user));
        client.setAcl(path, AclEntry.parseAclSpec("user::rw-,group::r--,other::---,user:" + user + ":rwx"));
        client.removeAllAcls(path);
        assertFalse(AclEntry.aclListToString(client.getAclStatus(path).aclSpec).contains(user));
        client.modifyAclEntries(folder, AclEntry.parseAclSpec("default:user:" + user + ":r--"));
        String child = file("child", "");
        assertTrue(AclEntry.aclListToString(client.getAclStatus(child).aclSpec).contains(user));
        client.removeDefaultAcls(folder);
        assertFalse(AclEntry.aclListToString(client.getAclStatus(folder).aclSpec).contains(user));
    }

    @Test
    public void concatenates() throws IOException {
        String first = file("1", "one "), second = file("2", "two");
        assertTrue(client.concatenateFiles(folder + "/whole", List.of(first, second)));
        assertEquals("one two", text(folder + "/whole"));
        assertFalse(client.checkExists(first));
    }

    @Test
    public void setsExpiries() throws IOException {
        String path = file("f", "");
        long then = System.currentTimeMillis() + 3_600_000;
        client.setExpiryTime(path, ExpiryOption.Absolute, then);
        assertEquals(then, client.getDirectoryEntry(path).expiryTime.getTime());
        client.setExpiryTime(path, ExpiryOption.NeverExpire, 0);
        assertNull(client.getDirectoryEntry(path).expiryTime);
    }

    @Test
    public void checksAccess() throws IOException {
        String path = file("f", "");
        assertTrue(client.checkAccess(path, "rw-"));
        client.setPermission(path, "400");
        assertTrue(client.checkAccess(path, "r--"));
        assertFalse(client.checkAccess(path, "-w-"));
        assertThrows(ADLException.class, () -> client.setOwner(path, UUID.randomUUID().toString(), null));
    }

    @Test
    public void appendsConcurrently() throws Exception {
        String path = folder + "/log";
        List<Thread> writers = new ArrayList<>();
        Set<String> failures = Collections.synchronizedSet(new TreeSet<>());
        for (int writer = 0; writer < 4; writer++) {
            byte[] line = (writer + "\n").getBytes(StandardCharsets.UTF_8);
            writers.add(new Thread(() -> {
                for (int i = 0; i < 10; i++) {
                    RequestOptions options = new RequestOptions();
                    options.retryPolicy = new NoRetryPolicy();
                    OperationResponse response = new OperationResponse();
                    Core.concurrentAppend(path, line, 0, line.length, true, client, options, response);
                    if (!response.successful) failures.add(response.remoteExceptionMessage);
                }
            }));
        }
        for (Thread writer : writers) writer.start();
        for (Thread writer : writers) writer.join();
        assertEquals(Set.of(), failures);
        Map<String, Long> lines = text(path).lines().collect(Collectors.groupingBy(l -> l, Collectors.counting()));
        assertEquals(Map.of("0", 10L, "1", 10L, "2", 10L, "3", 10L), lines);
    }

    @Test
    public void sumsUp() throws IOException {
        file("d/1", "123");
        file("d/e/2", "4567");
        ContentSummary summary = client.getContentSummary(folder);
        assertEquals(7, summary.length);
        assertEquals(2, summary.fileCount);
        assertEquals(3, summary.directoryCount);
    }

    @Test
    public void setsTimes() throws IOException {
        String path = file("f", "");
        client.setTimes(path, new Date(1_000_000), new Date(2_000_000));
        DirectoryEntry entry = client.getDirectoryEntry(path);
        assertEquals(1_000_000, entry.lastAccessTime.getTime());
        assertEquals(2_000_000, entry.lastModifiedTime.getTime());
    }
}
