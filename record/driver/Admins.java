import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnsupportedEndpointTypeException;

/** What an operator asks of the cluster, and what can be asked about it. */
final class Admins {
  private static final long PATIENCE_MS = 20_000;
  /** Asks brokers. */
  private Admin admin;
  /** Asks the controller itself: a broker that is asked for it may be cut off from it. */
  private Admin controllers;

  JsonNode carryOut(String what, JsonNode request) throws Exception {
    switch (what) {
      case "connect":
        return connect(request);
      case "cluster":
        return cluster();
      case "createTopic":
        return createTopic(request);
      case "deleteTopic":
        return wait(admin.deleteTopics(List.of(request.get("topic").asText())).all());
      case "configs":
        return configs(request);
      case "elect":
        return elect(request);
      case "reassign":
        return reassign(request);
      case "unregister":
        return askController(asked -> asked.unregisterBroker(request.get("brokerId").asInt()).all());
      case "feature":
        return feature(request);
      case "offsets":
        return offsets(request);
      default:
        throw new IllegalArgumentException("no such request: " + what);
    }
  }

  private JsonNode connect(JsonNode request) {
    Map<String, Object> config = new HashMap<>();
    config.put("client.id", "recorder");
    // Short: a broker that is cut off from the controller is given up soon, and another one asked.
    config.put("request.timeout.ms", 800);
    config.put("default.api.timeout.ms", (int) PATIENCE_MS);
    config.put("metadata.max.age.ms", 1000);
    config.put("reconnect.backoff.max.ms", 200);
    Map<String, Object> toController = new HashMap<>(config);
    config.put("bootstrap.servers", request.get("bootstrap").asText());
    toController.put("bootstrap.controllers", request.get("controllers").asText());
    admin = Admin.create(config);
    controllers = Admin.create(toController);
    return null;
  }

  /** Which brokers clients can reach, and the features of the cluster. */
  private JsonNode cluster() throws Exception {
    ObjectNode found = Driver.JSON.createObjectNode();
    var nodes = found.putArray("brokers");
    admin.describeCluster().nodes().get(PATIENCE_MS, TimeUnit.MILLISECONDS).forEach(node -> nodes.add(node.id()));
    ObjectNode features = found.putObject("features");
    var described = admin.describeFeatures().featureMetadata().get(PATIENCE_MS, TimeUnit.MILLISECONDS);
    described.finalizedFeatures().forEach((name, range) -> features.put(name, range.maxVersionLevel()));
    return found;
  }

  private JsonNode createTopic(JsonNode request) throws Exception {
    String name = request.get("topic").asText();
    NewTopic topic;
    if (request.has("replicas")) {
      Map<Integer, List<Integer>> assignment = new HashMap<>();
      for (JsonNode replicas : request.get("replicas")) assignment.put(assignment.size(), brokersOf(replicas));
      topic = new NewTopic(name, assignment);
    } else {
      short factor = (short) request.get("replicationFactor").asInt();
      topic = new NewTopic(name, request.get("partitions").asInt(), factor);
    }
    Map<String, String> configs = new HashMap<>();
    request.get("configs").fields().forEachRemaining(entry -> configs.put(entry.getKey(), entry.getValue().asText()));
    return wait(admin.createTopics(List.of(topic.configs(configs))).all());
  }

  /** A null value deletes the key. */
  private JsonNode configs(JsonNode request) throws Exception {
    boolean isTopic = request.get("kind").asText().equals("topic");
    ConfigResource.Type type = isTopic ? ConfigResource.Type.TOPIC : ConfigResource.Type.BROKER;
    List<AlterConfigOp> changes = new ArrayList<>();
    request.get("changes").fields().forEachRemaining(entry -> {
      JsonNode value = entry.getValue();
      AlterConfigOp.OpType change = value.isNull() ? AlterConfigOp.OpType.DELETE : AlterConfigOp.OpType.SET;
      changes.add(new AlterConfigOp(new ConfigEntry(entry.getKey(), value.isNull() ? null : value.asText()), change));
    });
    Map<ConfigResource, Collection<AlterConfigOp>> altered =
        Map.of(new ConfigResource(type, request.get("name").asText()), changes);
    return askController(asked -> asked.incrementalAlterConfigs(altered).all());
  }

  /** What came of each partition: null, or an error. */
  private JsonNode elect(JsonNode request) throws Exception {
    ElectionType election = request.get("election").asText().equals("preferred") ? ElectionType.PREFERRED : ElectionType.UNCLEAN;
    Set<TopicPartition> partitions = null;
    if (!request.get("partitions").isNull()) {
      partitions = new HashSet<>();
      for (JsonNode partition : request.get("partitions")) partitions.add(partitionOf(partition.asText()));
    }
    ObjectNode results = Driver.JSON.createObjectNode();
    // Only brokers take this one; whichever is asked hands it on.
    admin.electLeaders(election, partitions).partitions().get(PATIENCE_MS, TimeUnit.MILLISECONDS)
        .forEach((partition, failure) -> results.put(partition.toString(), failure.map(Driver::describe).orElse(null)));
    return results;
  }

  /** What came of each partition: null, or an error. */
  private JsonNode reassign(JsonNode request) throws Exception {
    Map<TopicPartition, Optional<NewPartitionReassignment>> targets = new HashMap<>();
    request.get("targets").fields().forEachRemaining(entry -> targets.put(partitionOf(entry.getKey()),
        entry.getValue().isNull() ? Optional.empty() : Optional.of(new NewPartitionReassignment(brokersOf(entry.getValue())))));
    ObjectNode results = Driver.JSON.createObjectNode();
    for (TopicPartition partition : targets.keySet()) {
      try {
        var target = Map.of(partition, targets.get(partition));
        askController(asked -> asked.alterPartitionReassignments(target).all());
        results.putNull(partition.toString());
      } catch (Exception failure) {
        results.put(partition.toString(), Driver.describe(failure));
      }
    }
    return results;
  }

  private JsonNode feature(JsonNode request) throws Exception {
    short level = (short) request.get("level").asInt();
    FeatureUpdate.UpgradeType type = request.get("isUpgrade").asBoolean()
        ? FeatureUpdate.UpgradeType.UPGRADE : FeatureUpdate.UpgradeType.SAFE_DOWNGRADE;
    var update = Map.of(request.get("feature").asText(), new FeatureUpdate(level, type));
    return askController(asked -> asked.updateFeatures(update, new UpdateFeaturesOptions()).all());
  }

  /** The high watermark of each partition as its leader tells it, with the epoch it speaks of; or an error. */
  private JsonNode offsets(JsonNode request) {
    ObjectNode found = Driver.JSON.createObjectNode();
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    for (JsonNode partition : request.get("partitions")) asked.put(partitionOf(partition.asText()), OffsetSpec.latest());
    ListOffsetsOptions options = new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED);
    options.timeoutMs(request.get("patienceMs").asInt());
    var answers = admin.listOffsets(asked, options);
    for (TopicPartition partition : asked.keySet()) {
      ObjectNode entry = found.putObject(partition.toString());
      try {
        var answer = answers.partitionResult(partition).get(PATIENCE_MS, TimeUnit.MILLISECONDS);
        entry.put("offset", answer.offset()).put("leaderEpoch", answer.leaderEpoch().orElse(-1));
      } catch (Exception failure) {
        entry.put("error", Driver.describe(failure));
      }
    }
    return found;
  }

  static TopicPartition partitionOf(String name) {
    int dash = name.lastIndexOf('-');
    return new TopicPartition(name.substring(0, dash), Integer.parseInt(name.substring(dash + 1)));
  }

  private static List<Integer> brokersOf(JsonNode list) {
    List<Integer> brokers = new ArrayList<>();
    for (JsonNode broker : list) brokers.add(broker.asInt());
    return brokers;
  }

  /** The controller itself, or where it does not take this from clients, a broker that hands it on. */
  private JsonNode askController(Function<Admin, KafkaFuture<Void>> question) throws Exception {
    try {
      return wait(question.apply(controllers));
    } catch (ExecutionException refused) {
      if (!(refused.getCause() instanceof UnsupportedEndpointTypeException)) throw refused;
      return wait(question.apply(admin));
    }
  }

  private static JsonNode wait(KafkaFuture<?> asked) throws Exception {
    asked.get(PATIENCE_MS, TimeUnit.MILLISECONDS);
    return null;
  }
}
