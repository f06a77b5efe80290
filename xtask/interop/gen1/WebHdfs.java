import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.*;
import org.apache.hadoop.fs.contract.*;
import org.junit.Before;

/** Hadoop's tests of file systems, for its webhdfs:// or swebhdfs:// at the lake, which no token is needed for. */
public final class WebHdfs {
    private static final String URL = System.getProperty("lake.url");

    private static Configuration configured(Configuration configuration) {
        configuration.set("fs.defaultFS", URL);
        return configuration;
    }

    public static final class Contract extends AbstractBondedFSContract {
        Contract(Configuration configuration) {
            super(configured(configuration));
            addConfResource("webhdfs-contract.xml");
            getConf().set("fs.contract.test.fs." + getScheme(), URL);
        }

        @Override
        public String getScheme() {
            return URL.substring(0, URL.indexOf(':'));
        }

        @Override
        public Path getTestPath() {
            return new Path("/contract");
        }
    }

    public static class Append extends AbstractContractAppendTest {
        @Override
        protected AbstractFSContract createContract(Configuration configuration) {
            return new Contract(configuration);
        }
    }

    public static class Concat extends AbstractContractConcatTest {
        @Override
        protected AbstractFSContract createContract(Configuration configuration) {
            return new Contract(configuration);
        }
    }

    public static class ContentSummary extends AbstractContractContentSummaryTest {
        @Override
        protected AbstractFSContract createContract(Configuration configuration) {
            return new Contract(configuration);
        }
    }

    public static class Create extends AbstractContractCreateTest {
        @Override
        protected AbstractFSContract createContract(Configuration configuration) {
            return new Contract(configuration);
        }
    }

    public static class Delete extends AbstractContractDeleteTest {
        @Override
        protected AbstractFSContract createContract(Configuration configuration) {
            return new Contract(configuration);
        }
    }

    public static class GetFileStatus extends AbstractContractGetFileStatusTest {
        @Override
        protected AbstractFSContract createContract(Configuration configuration) {
            return new Contract(configuration);
        }
    }

    public static class Mkdir extends AbstractContractMkdirTest {
        @Override
        protected AbstractFSContract createContract(Configuration configuration) {
            return new Contract(configuration);
        }
    }

    public static class Open extends AbstractContractOpenTest {
        @Override
        protected AbstractFSContract createContract(Configuration configuration) {
            return new Contract(configuration);
        }
    }

    public static class Rename extends AbstractContractRenameTest {
        @Override
        protected AbstractFSContract createContract(Configuration configuration) {
            return new Contract(configuration);
        }
    }

    public static class RootDirectory extends AbstractContractRootDirectoryTest {
        @Override
        protected AbstractFSContract createContract(Configuration configuration) {
            return new Contract(configuration);
        }
    }

    public static class Seek extends AbstractContractSeekTest {
        @Override
        protected AbstractFSContract createContract(Configuration configuration) {
            return new Contract(configuration);
        }
    }

    public static class SetTimes extends AbstractContractSetTimesTest {
        @Override
        protected AbstractFSContract createContract(Configuration configuration) {
            return new Contract(configuration);
        }
    }

    public static class Old extends FileSystemContractBaseTest {
        @Before
        public void connect() throws IOException {
            fs = FileSystem.get(configured(new Configuration()));
        }
    }
}
