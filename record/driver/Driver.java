import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.common.protocol.Errors;

/**
 * Does with Kafka's own classes what the recorder asks for: one JSON object a line comes in, one goes out with the same
 * id; what an application is told of its records goes out as lines with an "event".
 *
 * One process instead of one for each command. When its input ends, for whatever reason, it ends the brokers it was told
 * of, removes the folder of the run and ends itself: nothing is left behind even if the recorder is killed.
 */
public final class Driver {
  static final ObjectMapper JSON = new ObjectMapper();
  private static final PrintStream OUT = new PrintStream(System.out, false, StandardCharsets.UTF_8);
  private static final Set<Long> GUARDED = ConcurrentHashMap.newKeySet();

  /** Of the run; goes with it. */
  private static volatile String folder;

  private final Admins admins = new Admins();
  private final Clients clients = new Clients();
  private final Mbeans mbeans = new Mbeans();

  public static void main(String[] args) throws Exception {
    ExecutorService threads = Executors.newCachedThreadPool(task -> {
      Thread thread = new Thread(task);
      thread.setDaemon(true);
      return thread;
    });
    Driver driver = new Driver();
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      JsonNode request = JSON.readTree(line);
      threads.execute(() -> driver.answer(request));
    }
    for (long pid : GUARDED) ProcessHandle.of(pid).ifPresent(process -> {
      process.destroyForcibly();
      process.onExit().join();
    });
    if (folder != null) delete(new File(folder));
    Runtime.getRuntime().halt(0);
  }

  private static void delete(File file) {
    File[] inside = file.listFiles();
    if (inside != null) for (File one : inside) delete(one);
    file.delete();
  }

  static void say(JsonNode message) {
    synchronized (OUT) {
      OUT.println(message);
      OUT.flush();
    }
  }

  private void answer(JsonNode request) {
    ObjectNode reply = JSON.createObjectNode().put("id", request.get("id").asInt());
    try {
      reply.put("ok", true).set("value", carryOut(request));
    } catch (Throwable failure) {
      reply.put("ok", false).put("error", describe(failure));
    }
    say(reply);
  }

  private JsonNode carryOut(JsonNode request) throws Exception {
    String what = request.get("do").asText();
    switch (what) {
      case "guard":
        GUARDED.add(request.get("pid").asLong());
        return null;
      case "unguard":
        GUARDED.remove(request.get("pid").asLong());
        return null;
      case "guardFolder":
        folder = request.get("folder").asText();
        return null;
      case "connect":
      case "cluster":
      case "createTopic":
      case "deleteTopic":
      case "configs":
      case "elect":
      case "reassign":
      case "unregister":
      case "feature":
      case "offsets":
        return admins.carryOut(what, request);
      case "producer":
      case "send":
      case "transaction":
      case "restart":
      case "consumer":
      case "seek":
      case "readings":
        return clients.carryOut(what, request);
      case "metrics":
        return mbeans.read(request);
      case "tool":
        return Tools.run(request);
      case "metadataLog":
        return LogFiles.metadata(request.get("folder").asText(), request.get("fromOffset").asLong());
      case "log":
        return LogFiles.log(request.get("folder").asText(), request.get("values").asBoolean());
      case "truncate":
        return LogFiles.truncate(request.get("folder").asText(), request.get("logEndOffset").asLong());
      default:
        throw new IllegalArgumentException("no such request: " + what);
    }
  }

  /** `ERROR_NAME ExceptionClass: message`. */
  static String describe(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof ExecutionException && cause.getCause() != null) cause = cause.getCause();
    return Errors.forException(cause).name() + " " + cause.getClass().getSimpleName() + ": " + cause.getMessage();
  }
}
