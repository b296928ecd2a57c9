import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Exit;

/** Kafka's command line tools, run in this process: what they print, and the status they would have ended with. */
final class Tools {
  /** Thrown where the tool would have ended. Tools that catch it and go on talking are not listened to any more. */
  private static final class Ended extends Error {
    Ended() {
      super(null, null, false, false);
    }
  }

  static synchronized JsonNode run(JsonNode request) throws Exception {
    List<String> words = new ArrayList<>();
    for (JsonNode word : request.get("args")) words.add(word.asText());
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream both = new PrintStream(printed, true, StandardCharsets.UTF_8);
    ObjectNode result = Driver.JSON.createObjectNode();
    Exit.setExitProcedure((code, message) -> {
      if (!result.has("exitStatus")) result.put("text", printed.toString(StandardCharsets.UTF_8)).put("exitStatus", code);
      throw new Ended();
    });
    System.setOut(both);
    System.setErr(both);
    try {
      Class<?> tool = Class.forName(request.get("main").asText());
      tool.getMethod("main", String[].class).invoke(null, (Object) words.toArray(new String[0]));
    } catch (InvocationTargetException failure) {
      if (!(failure.getCause() instanceof Ended)) throw new IllegalStateException(failure.getCause());
    } finally {
      System.setOut(out);
      System.setErr(err);
      Exit.resetExitProcedure();
    }
    if (!result.has("exitStatus")) result.put("text", printed.toString(StandardCharsets.UTF_8)).put("exitStatus", 0);
    return result;
  }
}
