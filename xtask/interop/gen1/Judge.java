import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.runner.Description;
import org.junit.runner.JUnitCore;
import org.junit.runner.notification.Failure;
import org.junit.runner.notification.RunListener;

/** Runs classes of JUnit tests and says one line a test: PASS, FAIL or SKIP, its name, and why. */
public final class Judge extends RunListener {
    private final Set<Description> decided = new HashSet<>();

    public static void main(String[] names) throws ClassNotFoundException {
        List<Class<?>> classes = new ArrayList<>();
        for (String name : names) classes.add(Class.forName(name));
        JUnitCore core = new JUnitCore();
        core.addListener(new Judge());
        core.run(classes.toArray(new Class<?>[0]));
        // Clients leave threads behind that would keep the machine running.
        System.exit(0);
    }

    @Override
    public void testFailure(Failure failure) {
        decide("FAIL", failure.getDescription(), failure.getException().toString());
        failure.getException().printStackTrace();
    }

    @Override
    public void testAssumptionFailure(Failure failure) {
        decide("SKIP", failure.getDescription(), failure.getMessage());
    }

    @Override
    public void testIgnored(Description test) {
        decide("SKIP", test, "ignored by its authors");
    }

    @Override
    public void testFinished(Description test) {
        if (!decided.contains(test)) decide("PASS", test, "");
    }

    private void decide(String outcome, Description test, String why) {
        decided.add(test);
        String name = test.getClassName().replaceAll("^.*[.]", "");
        if (test.getMethodName() != null) name += "." + test.getMethodName();
        String line = why == null ? "" : why.lines().findFirst().orElse("");
        System.out.println("\n" + outcome + " " + name + (line.isEmpty() ? "" : ": " + line));
    }
}
