import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** The applications: each has a thread of its own, since sends and polls may block. */
final class Clients {
  private final Map<String, Producer> producers = new ConcurrentHashMap<>();
  private final Map<String, Reader> readers = new ConcurrentHashMap<>();

  JsonNode carryOut(String what, JsonNode request) throws Exception {
    if (what.equals("readings")) return readings();
    String name = request.get("name").asText();
    switch (what) {
      case "producer":
        producers.put(name, new Producer(textsOf(request.get("config"))));
        return null;
      case "consumer":
        readers.put(name, new Reader(textsOf(request.get("config")), request.get("partitions")));
        return null;
      case "send":
        producers.get(name).send(request);
        return null;
      case "transaction":
        return producers.get(name).transaction(request.get("step").asText());
      case "restart":
        producers.get(name).restart();
        return null;
      case "seek":
        readers.get(name).seek(Admins.partitionOf(request.get("partition").asText()), request.get("offset").asLong());
        return null;
      default:
        throw new IllegalArgumentException("no such request: " + what);
    }
  }

  private JsonNode readings() {
    ObjectNode all = Driver.JSON.createObjectNode();
    readers.forEach((name, reader) -> all.set(name, reader.reading()));
    return all;
  }

  private static Map<String, Object> textsOf(JsonNode config) {
    Map<String, Object> texts = new HashMap<>();
    config.fields().forEachRemaining(entry -> texts.put(entry.getKey(), entry.getValue().asText()));
    return texts;
  }

  private static final class Producer {
    private final ExecutorService thread = Executors.newSingleThreadExecutor(Clients::daemon);
    private final Map<String, Object> config;
    private KafkaProducer<byte[], String> client;

    Producer(Map<String, Object> config) throws Exception {
      this.config = config;
      thread.submit(this::open).get();
    }

    private void open() {
      Map<String, Object> all = new HashMap<>(config);
      all.put("key.serializer", "org.apache.kafka.common.serialization.ByteArraySerializer");
      all.put("value.serializer", StringSerializer.class.getName());
      client = new KafkaProducer<>(all);
      if (config.containsKey("transactional.id")) client.initTransactions();
    }

    /** Each value is a record of its own; what comes of it is told in an event that carries the number of the send. */
    void send(JsonNode request) {
      TopicPartition partition = Admins.partitionOf(request.get("partition").asText());
      int send = request.get("send").asInt();
      for (JsonNode value : request.get("values")) thread.execute(() -> {
        sendOne(send, partition, value.asText());
        if ("0".equals(config.get("linger.ms"))) pause();
      });
    }

    /** Without lingering records leave one by one; a thread that is quicker than its client's would put them together. */
    private static void pause() {
      try {
        Thread.sleep(20);
      } catch (InterruptedException ended) {
        Thread.currentThread().interrupt();
      }
    }

    private void sendOne(int send, TopicPartition partition, String value) {
      ObjectNode told = Driver.JSON.createObjectNode().put("event", "answer").put("send", send).put("value", value);
      told.put("sentAt", System.currentTimeMillis());
      try {
        client.send(new ProducerRecord<>(partition.topic(), partition.partition(), null, value), (metadata, failure) -> {
          told.put("answeredAt", System.currentTimeMillis());
          if (failure != null) told.put("error", Driver.describe(failure));
          else if (metadata.hasOffset()) told.put("offset", metadata.offset());
          Driver.say(told);
        });
      } catch (RuntimeException refused) {
        // Refused by the client itself: no callback follows.
        told.put("answeredAt", System.currentTimeMillis()).put("error", Driver.describe(refused));
        Driver.say(told);
      }
    }

    /** An error as text, or null. */
    JsonNode transaction(String step) throws Exception {
      return thread.submit(() -> {
        try {
          if (step.equals("begin")) client.beginTransaction();
          else if (step.equals("commit")) client.commitTransaction();
          else client.abortTransaction();
          return (JsonNode) null;
        } catch (RuntimeException refused) {
          return (JsonNode) Driver.JSON.getNodeFactory().textNode(Driver.describe(refused));
        }
      }).get();
    }

    /** As if its process had been killed: nothing is flushed or aborted. */
    void restart() throws Exception {
      thread.submit(() -> {
        client.close(Duration.ZERO);
        open();
      }).get();
    }
  }

  /** Reads its partitions from the start of the recording on, without a group. */
  private static final class Reader implements Runnable {
    private final KafkaConsumer<byte[], String> client;
    private final List<TopicPartition> partitions = new ArrayList<>();
    private final ConcurrentLinkedQueue<Runnable> asked = new ConcurrentLinkedQueue<>();
    private final Map<TopicPartition, ArrayNode> read = new HashMap<>();
    private final Map<TopicPartition, Long> positions = new HashMap<>();
    private final List<String> errors = new ArrayList<>();
    private String failure;

    Reader(Map<String, Object> config, JsonNode assigned) {
      Map<String, Object> all = new HashMap<>(config);
      all.put("key.deserializer", "org.apache.kafka.common.serialization.ByteArrayDeserializer");
      all.put("value.deserializer", StringDeserializer.class.getName());
      all.put("enable.auto.commit", "false");
      client = new KafkaConsumer<>(all);
      for (JsonNode partition : assigned) partitions.add(Admins.partitionOf(partition.asText()));
      for (TopicPartition partition : partitions) read.put(partition, Driver.JSON.createArrayNode());
      client.assign(partitions);
      daemon(this).start();
    }

    @Override
    public void run() {
      for (;;) {
        try {
          for (Runnable task = asked.poll(); task != null; task = asked.poll()) task.run();
          var records = client.poll(Duration.ofMillis(50));
          synchronized (this) {
            failure = null;
            for (ConsumerRecord<byte[], String> one : records) read.get(new TopicPartition(one.topic(), one.partition())).add(one.value());
          }
          for (TopicPartition partition : partitions) {
            long position = client.position(partition, Duration.ofMillis(1));
            synchronized (this) {
              positions.put(partition, position);
            }
          }
        } catch (org.apache.kafka.common.errors.TimeoutException unknown) {
          // No position yet.
        } catch (RuntimeException refused) {
          fail(refused);
        }
      }
    }

    private void fail(RuntimeException refused) {
      synchronized (this) {
        failure = Driver.describe(refused);
        if (errors.isEmpty() || !errors.get(errors.size() - 1).equals(failure)) errors.add(failure);
      }
      try {
        Thread.sleep(100);
      } catch (InterruptedException ended) {
        Thread.currentThread().interrupt();
      }
    }

    void seek(TopicPartition partition, long offset) {
      asked.add(() -> client.seek(partition, offset));
    }

    synchronized JsonNode reading() {
      ObjectNode all = Driver.JSON.createObjectNode();
      if (failure != null) all.put("failure", failure);
      if (!errors.isEmpty()) all.set("errors", Driver.JSON.valueToTree(errors));
      ObjectNode byPartition = all.putObject("partitions");
      for (TopicPartition partition : partitions) {
        ObjectNode one = byPartition.putObject(partition.toString());
        one.set("read", read.get(partition).deepCopy());
        if (positions.containsKey(partition)) one.put("position", positions.get(partition));
        Double replica = preferredReplica(partition);
        if (replica != null && replica >= 0) one.put("preferredReadReplica", replica.intValue());
      }
      return all;
    }

    private Double preferredReplica(TopicPartition partition) {
      for (var metric : client.metrics().values()) {
        var name = metric.metricName();
        boolean isIt = name.name().equals("preferred-read-replica") && partition.topic().equals(name.tags().get("topic"))
            && String.valueOf(partition.partition()).equals(name.tags().get("partition"));
        if (isIt && metric.metricValue() instanceof Number number) return number.doubleValue();
      }
      return null;
    }
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task);
    thread.setDaemon(true);
    return thread;
  }
}
